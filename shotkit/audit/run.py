"""Runs all audits in one snapshot: read-only, repeatable-read transactions with no right but SELECT."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from shotkit.audit.catalog import Audit, chosen
from shotkit.audit.crew import crew, share_out
from shotkit.audit.flat import Columns, count_of, over_flat, reads
from shotkit.audit.hidden import without_secrets
from shotkit.audit.report import COLUMNS, CUT, AuditRun, Coverage, Report, Skipped
from shotkit.progress import bar

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.audit.crew import Worker
    from shotkit.engine import Database, SnapshotDatabase

    Found = tuple[pa.Table, float]

__all__ = ["MOST", "run"]

MOST = 100_000  # findings of an audit that are kept in memory
_LONGEST = ("0026", "0014", "0041")  # first, lest one of them is left alone at the end


def run(
    database: "Database | SnapshotDatabase",
    only: str | Iterable[str] | None = None,
    *,
    jobs: int | None = None,
    progress: bool = False,
) -> Report:
    """Run the audits that `only` names by number or full name, all for None.

    `jobs` connections to a PostgreSQL share one snapshot; for None as many as help. With `progress` a bar is
    drawn on a terminal.
    """
    audits = chosen(only)
    with crew(database, jobs) as workers:
        seen = _Seen.by(workers[0], database)
        reasons = {audit: seen.lacking(audit) for audit in audits}
        able = sorted((audit for audit in audits if not reasons[audit]), key=_longest_first)
        counted = list(dict.fromkeys(["generations", "links", *(audit.examines for audit in able)]))
        steps = [(audit.name, partial(seen.found, audit)) for audit in able]
        counts = [(f"counting {name}", partial(seen.count, name)) for name in counted]
        with bar("auditing", len(steps) + len(counts), shown=progress) as advance:
            found = dict(zip(able, share_out(workers, steps, advance), strict=True))
            rows = dict(zip(counted, share_out(workers, counts, advance), strict=True))
    for audit in able:
        reasons[audit] = seen.hidden(audit)
        if len(found[audit][0]) > MOST:
            reasons[audit] = f"{CUT} {MOST:,} were read"
    skipped: list[Skipped] = [
        {"audit": audit.name, "reason": reason} for audit, reason in reasons.items() if reason
    ]
    coverage: Coverage = {"generations": rows["generations"], "links": rows["links"], "skipped": skipped}
    runs = [_run(audit, rows[audit.examines] or 0, found[audit]) for audit in audits if audit in found]
    return _report(runs, coverage, database.engine)


def _longest_first(audit: Audit) -> bool:
    return audit.number not in _LONGEST


@dataclass(frozen=True)
class _Seen:
    """What is shown to this user: the columns there are, whether he may read them, and all their rows."""

    engine: str
    may_read: dict[tuple[str, str], bool]
    partial: frozenset[str]  # tables

    @classmethod
    def by(cls, worker: "Worker", database: "Database | SnapshotDatabase") -> "_Seen":
        rows = worker.rows(over_flat("audit/columns", database.engine))
        may_read = {(row["table_name"], row["column_name"]): row["may_read"] for row in rows}
        partial = {row["table_name"] for row in rows if row["is_partial"]} | database.partial
        return cls(database.engine, may_read, frozenset(partial))

    def hidden(self, audit: Audit) -> str | None:
        """Return of which tables an audit that ran may not have seen all rows, or None."""
        if audit.live:  # it reads catalogs, which are open to everyone
            return None
        tables = sorted(self.partial & {table for table, _ in audit.reads})
        return f"in part: row level security may hide rows of {', '.join(tables)}" if tables else None

    def lacking(self, audit: Audit) -> str | None:
        """Return why an audit cannot run, or None."""
        if missing := audit.reads - self.may_read.keys():
            where = "database" if self.engine == "postgres" else "snapshot"
            return f"the {where} has no {_named(missing)}"
        if barred := {column for column in audit.reads if not self.may_read[column]}:
            return f"this user may not read {_named(barred)}"
        return None

    def count(self, relation: str, worker: "Worker") -> int | None:
        """Return how many rows a flat relation has, None where columns of its tables are missing."""
        if not reads(f"from {relation}") <= self.may_read.keys():
            return None
        counted: int = worker.rows(count_of(relation, self.engine))[0]["counted"]
        return counted

    def found(self, audit: Audit, worker: "Worker") -> "Found":
        """Return the findings of an audit and the seconds that it took."""
        import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit runs

        started = perf_counter()
        schema = pa.schema([(name, pa.string()) for name in COLUMNS[2:]])
        found = worker.table(over_flat(f"audits/{audit.name}", self.engine, MOST + 1), schema)
        return found, round(perf_counter() - started, 3)


def _named(columns: Columns | set[tuple[str, str]]) -> str:
    return ", ".join(f"{table}.{column}" for table, column in sorted(columns))


def _run(audit: Audit, examined: int, told: "Found") -> "tuple[AuditRun, pa.Table]":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit runs

    found, seconds = told[0].slice(0, MOST), told[1]
    ran = AuditRun(audit.name, audit.level, examined, len(found), seconds)
    if not len(found):
        return ran, _nothing()
    found = without_secrets(found)
    for place, value in enumerate((audit.name, audit.level)):
        found = found.add_column(place, COLUMNS[place], pa.array([value] * len(found), pa.string()))
    return ran, found


def _report(runs: "list[tuple[AuditRun, pa.Table]]", coverage: Coverage, engine: str) -> Report:
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit has run

    rows = pa.concat_tables([_nothing(), *(found for _, found in runs)])
    return Report(rows, tuple(ran for ran, _ in runs), coverage, engine)


def _nothing() -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit has run

    # Other ways to make an empty table load pandas, which takes longer than all audits of a small database.
    return pa.Table.from_batches([], pa.schema([(name, pa.string()) for name in COLUMNS]))
