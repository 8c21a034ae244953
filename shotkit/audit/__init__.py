"""Runs the audits of sql/audits/, reports what they find, repairs what the links can repair."""

from shotkit.audit.agree import refuse_disagreement
from shotkit.audit.baseline import Baseline
from shotkit.audit.flat import ENGINES
from shotkit.audit.repair import REPAIRABLE, Repair, apply, plan
from shotkit.audit.report import AuditRun, Report
from shotkit.audit.run import run

__all__ = [
    "ENGINES", "REPAIRABLE", "AuditRun", "Baseline", "Repair", "Report", "apply", "plan",
    "refuse_disagreement", "run",
]  # fmt: skip
