"""Runs all audits in one snapshot: a read-only, repeatable-read transaction with no right but SELECT."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.audit.catalog import Audit, chosen
from shotkit.audit.flat import Columns, count_of, over_flat, reads
from shotkit.audit.hidden import without_secrets
from shotkit.audit.report import COLUMNS, AuditRun, Coverage, Report, Skipped

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database, SnapshotDatabase, Transaction

__all__ = ["run"]


def run(database: "Database | SnapshotDatabase", only: str | Iterable[str] | None = None) -> Report:
    """Run the audits that `only` names by number or full name, all for None."""
    audits = chosen(only)
    with database.transaction(read_only=True, repeatable=True) as transaction:
        if database.engine == "postgres":
            transaction.rows(sql.statement("audit/unhurried"))
        seen = _Seen(transaction, database.engine)
        skipped: list[Skipped] = []
        runs = []
        for audit in audits:
            if reason := seen.lacking(audit):
                skipped.append({"audit": audit.name, "reason": reason})
            else:
                runs.append(_run(seen, audit))
        coverage: Coverage = {
            "generations": seen.count("generations"),
            "links": seen.count("links"),
            "skipped": skipped,
        }
    return _report(runs, coverage, database.engine)


@dataclass
class _Seen:
    """What the transaction shows: the columns there are, and how many rows a flat relation has."""

    transaction: "Transaction | SnapshotDatabase"
    engine: str
    may_read: dict[tuple[str, str], bool] = field(init=False)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.transaction.rows(over_flat("audit/columns", self.engine))
        self.may_read = {(row["table_name"], row["column_name"]): row["may_read"] for row in rows}

    def lacking(self, audit: Audit) -> str | None:
        """Return why an audit cannot run, or None."""
        if missing := audit.reads - self.may_read.keys():
            where = "database" if self.engine == "postgres" else "snapshot"
            return f"the {where} has no {_named(missing)}"
        if barred := {column for column in audit.reads if not self.may_read[column]}:
            return f"this user may not read {_named(barred)}"
        return None

    def count(self, relation: str) -> int:
        """Return how many rows a flat relation has, 0 where its tables are missing."""
        if relation not in self.counts:
            there = reads(f"from {relation}") <= self.may_read.keys()
            rows = self.transaction.rows(count_of(relation, self.engine)) if there else [{"counted": 0}]
            self.counts[relation] = rows[0]["counted"]
        return self.counts[relation]


def _named(columns: Columns | set[tuple[str, str]]) -> str:
    return ", ".join(f"{table}.{column}" for table, column in sorted(columns))


def _run(seen: _Seen, audit: Audit) -> "tuple[AuditRun, pa.Table]":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit runs

    examined = seen.count(audit.examines)
    started = perf_counter()
    found = seen.transaction.table(
        over_flat(f"audits/{audit.name}", seen.engine),
        pa.schema([(name, pa.string()) for name in COLUMNS[2:]]),
    )
    seconds = round(perf_counter() - started, 3)
    found = without_secrets(found)
    for place, value in enumerate((audit.name, audit.level)):
        found = found.add_column(place, COLUMNS[place], pa.array([value] * len(found), pa.string()))
    return AuditRun(audit.name, audit.level, examined, len(found), seconds), found


def _report(runs: "list[tuple[AuditRun, pa.Table]]", coverage: Coverage, engine: str) -> Report:
    import pandas as pd  # noqa: PLC0415  heavy: not before an audit has run
    import pyarrow as pa  # noqa: PLC0415

    nothing = pa.schema([(name, pa.string()) for name in COLUMNS]).empty_table()
    table = pa.concat_tables([nothing, *(found for _, found in runs)])
    findings = table.to_pandas(types_mapper=pd.ArrowDtype)
    return Report(findings, tuple(ran for ran, _ in runs), coverage, engine)
