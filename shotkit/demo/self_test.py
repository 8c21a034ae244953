"""Tests the auditor on the audited data: in a copy of a sample, plants faults of every class and counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.audit import run
from shotkit.audit.catalog import chosen
from shotkit.demo.faults import plant
from shotkit.demo.rehearsal import rehearsed
from shotkit.demo.sampled import copy_sample
from shotkit.engine.scratch import scratch
from shotkit.errors import ConfigurationError, InvalidChangeError, SchemaMismatchError

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.engine import Database

__all__ = ["Class", "SelfTest", "classes", "compared", "self_test"]

SAMPLE = 2_000  # generations
_COUNTS = (5, 1)  # faults of a class: a small sample may not have room for the first


@dataclass(frozen=True)
class Class:
    """One verdict of an audit: how many faults were planted, found, and found that nobody planted.

    `not_covered` says why none was planted.
    """

    audit: str
    verdict: str
    planted: int = 0
    found: int = 0
    invented: int = 0
    not_covered: str | None = None

    @property
    def recall(self) -> float | None:
        """The part of the planted ones that was found."""
        return self.found / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        """The part of the ones found that was planted."""
        seen = self.found + self.invented
        return self.found / seen if seen else None


@dataclass(frozen=True)
class SelfTest:
    """The classes, and on how many generations of the audited data they were tried."""

    classes: tuple[Class, ...]
    generations: int

    @property
    def ok(self) -> bool:
        """Whether all that was planted was found and nothing else."""
        return all(each.planted == each.found and not each.invented for each in self.classes)


def self_test(
    database: "Database",
    only: str | Iterable[str] | None = None,
    *,
    sample: int = SAMPLE,
    seed: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> SelfTest:
    """Plant faults of every class into a copy of about `sample` generations' projects, and audit that.

    `only` names audits as for `run`. Each class has the copy to itself; it stands in a scratch server that is
    removed at the end, and the database is only read. `seed` chooses projects and places. `advance` is called
    once for each of `classes`.
    """
    wanted = classes(only)
    with scratch("self_test") as server:
        guest, superuser = server.open(guest=True), server.open()
        generations = copy_sample(database, server, sample, seed)
        tried = []
        for audit, verdict in wanted:
            copy = superuser if _by_superuser(audit, verdict) else guest
            tried.append(_try(copy, audit, verdict, seed))
            advance()
    return SelfTest(tuple(tried), generations)


def classes(only: str | Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Return each audit's number with each of its verdicts."""
    return [(audit.number, verdict) for audit in chosen(only) for verdict in audit.verdicts]


def _try(copy: "Database", audit: str, verdict: str, seed: int) -> Class:
    refused = ""
    for count in _COUNTS:
        try:
            return rehearsed(copy, partial(compared, audit, verdict, count, seed))
        except (ConfigurationError, InvalidChangeError, SchemaMismatchError) as error:
            refused = str(error).partition(";")[0]
    return Class(audit, verdict, not_covered=refused)


def compared(audit: str, verdict: str, count: int, seed: int, stage: "Database") -> Class:
    """Plant faults of one class, audit, and hold what is found against what was planted."""
    if _by_superuser(audit, verdict):
        with stage.transaction() as transaction:
            transaction.execute(sql.statement("self_test/pinned"))
    report = run(stage, audit)
    if report.coverage["skipped"]:
        return Class(audit, verdict, not_covered=report.coverage["skipped"][0]["reason"])
    planted = _plant(stage, audit, verdict, count, seed)
    before, after = _keys(report.findings), _keys(run(stage, audit).findings)
    return Class(audit, verdict, len(planted), len(planted & after), len(after - before - planted))


def _by_superuser(audit: str, verdict: str) -> bool:
    """Whether only a superuser can plant it: no code of the audited schema runs as one."""
    path = _own(audit, verdict)
    return path in sql.names("self_test") and sql.statement(path).head.get("by") == "superuser"


def _own(audit: str, verdict: str) -> str:
    return f"self_test/faults_{audit}_{verdict}"


def _plant(stage: "Database", audit: str, verdict: str, count: int, seed: int) -> set[tuple[str, str]]:
    if (path := _own(audit, verdict)) in sql.names("self_test"):
        keys = _spoil(stage, sql.statement(path), count, seed)
        return {(verdict, key) for key in keys}
    fault_class = verdict if audit == "0001" else f"{audit}/{verdict}"
    return {(fault.verdict, fault.key) for fault in plant(stage, fault_class, count, seed)}


def _spoil(stage: "Database", statement: sql.Statement, count: int, seed: int) -> list[str]:
    """Plant what `plant` does not plant: here tables and indexes are ours to change."""
    with stage.transaction() as transaction:
        if "key" in statement.head:
            transaction.execute(statement)
            return [statement.head["key"]]
        transaction.execute(sql.statement("self_test/faults_0073_missing"))
        rows = transaction.rows(statement, seed=seed, count=count)
    if len(rows) < count:
        raise InvalidChangeError(f"There is room for {len(rows)} faults of this class, not for {count}.")
    return [row["key"] for row in rows]


def _keys(findings: "pd.DataFrame") -> set[tuple[str, str]]:
    return set(findings[["verdict", "key"]].itertuples(index=False, name=None))
