"""Repairs what the audits report, where one truth is left: proven, certified, and able to be undone."""

from shotkit.audit.repair.certificate import Certificate
from shotkit.audit.repair.mend import apply, plan
from shotkit.audit.repair.put_back import undo
from shotkit.audit.repair.repair import Repair
from shotkit.audit.repair.ways_out import REPAIRABLE, WAYS_OUT

__all__ = ["REPAIRABLE", "WAYS_OUT", "Certificate", "Repair", "apply", "plan", "undo"]
