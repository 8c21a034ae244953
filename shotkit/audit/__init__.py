"""Runs the audits of sql/audits/, reports what they find, repairs what has one truth left."""

from shotkit.audit.agree import refuse_disagreement
from shotkit.audit.baseline import Baseline
from shotkit.audit.flat import ENGINES
from shotkit.audit.guards import guards
from shotkit.audit.repair import REPAIRABLE, WAYS_OUT, Certificate, Repair, apply, plan, undo
from shotkit.audit.report import AuditRun, Report
from shotkit.audit.run import run

__all__ = [
    "ENGINES", "REPAIRABLE", "WAYS_OUT", "AuditRun", "Baseline", "Certificate", "Repair", "Report", "apply",
    "guards", "plan", "refuse_disagreement", "run", "undo",
]  # fmt: skip
