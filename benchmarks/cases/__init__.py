"""What is measured, a module a theme; each case takes the lab and returns what it found."""

from collections.abc import Callable

from benchmarks.cases.audit import audit, audit_by_spark, audit_of_snapshot
from benchmarks.cases.bulk import bulk
from benchmarks.cases.edits import edits
from benchmarks.cases.load import load
from benchmarks.cases.network import network
from benchmarks.cases.plans import plans
from benchmarks.cases.snapshot import snapshot
from benchmarks.cases.starts import starts
from benchmarks.lab import Lab
from benchmarks.side_by_side import Case

__all__ = ["CASES"]

CASES: dict[str, Callable[[Lab], Case]] = {
    "load": load,
    "network": network,
    "bulk": bulk,
    "audit": audit,
    "audit-snapshot": audit_of_snapshot,
    "audit-spark": audit_by_spark,
    "snapshot": snapshot,
    "edits": edits,
    "starts": starts,
    "plans": plans,
}
