"""Looks at a database as it stands: what there is, and what is dangerous in it."""

from shotkit.doctor.diagnose import diagnose
from shotkit.doctor.diagnosis import Diagnosis
from shotkit.doctor.kinds import KINDS, Danger

__all__ = ["KINDS", "Danger", "Diagnosis", "diagnose"]
