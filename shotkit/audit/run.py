"""Runs all audits in one snapshot: a read-only, repeatable-read transaction with no right but SELECT."""

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.audit.catalog import Audit, chosen
from shotkit.audit.flat import ENGINE, over_flat
from shotkit.audit.report import COLUMNS, AuditRun, Coverage, Report, Skipped

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database, Transaction

__all__ = ["run"]


def run(database: "Database", only: str | Iterable[str] | None = None) -> Report:
    """Run the audits that `only` names by number or full name, all for None."""
    audits = chosen(only)
    with database.transaction(read_only=True, repeatable=True) as transaction:
        transaction.rows(sql.statement("audit/unhurried"))
        lacking = _lacking(transaction, audits)
        able = [audit for audit in audits if audit.name not in lacking]
        coverage = _coverage(transaction, able, lacking)
        runs = [_run(transaction, audit, coverage) for audit in able]
    return _report(runs, coverage)


def _lacking(transaction: "Transaction", audits: Iterable[Audit]) -> dict[str, str]:
    rows = transaction.rows(sql.statement("audit/columns"))
    there = {(row["table_name"], row["column_name"]) for row in rows}
    missing = {audit.name: sorted(audit.reads - there) for audit in audits}
    return {
        name: "the database has no " + ", ".join(f"{table}.{column}" for table, column in columns)
        for name, columns in missing.items()
        if columns
    }


def _coverage(transaction: "Transaction", able: list[Audit], lacking: dict[str, str]) -> Coverage:
    counts = transaction.rows(sql.statement("audit/coverage"))[0] if able else {"generations": 0, "links": 0}
    skipped: list[Skipped] = [{"audit": name, "reason": reason} for name, reason in lacking.items()]
    return {"generations": counts["generations"], "links": counts["links"], "skipped": skipped}


def _run(transaction: "Transaction", audit: Audit, coverage: Coverage) -> "tuple[AuditRun, pa.Table]":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit runs

    started = perf_counter()
    found = transaction.table(
        over_flat(f"audits/{audit.name}"), pa.schema([(name, pa.string()) for name in COLUMNS[2:]])
    )
    seconds = round(perf_counter() - started, 3)
    examined = {"generations": coverage["generations"], "links": coverage["links"]}[audit.examines]
    for place, value in enumerate((audit.name, audit.level)):
        found = found.add_column(place, COLUMNS[place], pa.array([value] * len(found), pa.string()))
    return AuditRun(audit.name, audit.level, examined, len(found), seconds), found


def _report(runs: "list[tuple[AuditRun, pa.Table]]", coverage: Coverage) -> Report:
    import pandas as pd  # noqa: PLC0415  heavy: not before an audit has run
    import pyarrow as pa  # noqa: PLC0415

    nothing = pa.schema([(name, pa.string()) for name in COLUMNS]).empty_table()
    table = pa.concat_tables([nothing, *(found for _, found in runs)])
    findings = table.to_pandas(types_mapper=pd.ArrowDtype)
    return Report(findings, tuple(ran for ran, _ in runs), coverage, ENGINE)
