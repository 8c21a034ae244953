"""Repairs: rebuilds from its links the shot_data of every generation that a report names, and of no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotkit import sql
from shotkit.audit.flat import over_flat
from shotkit.errors import InvalidChangeError, NotPermittedError, ShotkitError, WriteNotStoredError

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.audit.report import Report
    from shotkit.engine import Database, Transaction

__all__ = ["BATCH", "REPAIRABLE", "Repair", "apply", "plan"]

AUDIT = "0001_shot_data_matches_links"
REPAIRABLE = (AUDIT,)
BATCH = 1_000  # generations a transaction: a longer one would keep others waiting for its locks


@dataclass(frozen=True, eq=False)
class Repair:
    """What a repair writes, or wrote.

    `changes` has a row for each generation, all `string[pyarrow]`: generation_id, and as JSON text its whole
    shot_data, `stored` before and `expected` of the links; no row where they agree.
    """

    changes: "pd.DataFrame"
    applied: bool

    def __repr__(self) -> str:
        return f"<Repair of {len(self.changes)} generations, {'written' if self.applied else 'not written'}>"


def plan(database: "Database", report: "Report") -> Repair:
    """Return what `apply` would write now."""
    ids = _reported(report)
    with database.transaction(read_only=True, repeatable=True) as transaction:
        if ids:
            _refuse_where_links_do_not_tell(transaction)
        return Repair(_frame(_differing(transaction, ids)), applied=False)


def apply(database: "Database", report: "Report") -> Repair:
    """Write what the links say now, BATCH generations a transaction; running it again changes nothing.

    Raises InvalidChangeError where scalars are the rule, NotPermittedError where links may be hidden or
    a row may not be written, ReadOnlyError, and WriteNotStoredError when the database keeps something else.
    """
    ids = _reported(report)
    changes: list[dict[str, Any]] = []
    with _telling_what_stays(changes):
        for start in range(0, len(ids), BATCH):
            with database.transaction() as transaction:
                written = _rebuild(transaction, ids[start : start + BATCH])
            changes += written
    return Repair(_frame(changes), applied=True)


def _reported(report: "Report") -> list[str]:
    ours = report.findings["audit"] == AUDIT
    return sorted(set(report.findings.loc[ours, "generation_id"]))


def _rebuild(transaction: "Transaction", ids: list[str]) -> list[dict[str, Any]]:
    _refuse_where_links_do_not_tell(transaction)
    # A statement of its own: the next one's snapshot then shows what the awaited writers committed.
    locked = transaction.rows(sql.statement("repairs/lock_generations"), generation_ids=ids)
    changes = _differing(transaction, ids)
    barred = {change["generation_id"] for change in changes} - {row["generation_id"] for row in locked}
    if barred:
        raise NotPermittedError(
            f"This user may see but not change {len(barred)} generations, such as {min(barred)}."
        )
    if changes:
        _write(transaction, changes)
    return changes


def _write(transaction: "Transaction", changes: list[dict[str, Any]]) -> None:
    ids = [change["generation_id"] for change in changes]
    transaction.rows(
        sql.statement("repairs/write_shot_data"),
        generation_ids=ids,
        documents=[change["expected"] for change in changes],
    )
    # Rebuilt anew: a trigger may undo a write, even after RETURNING has spoken.
    if undone := _differing(transaction, ids):
        raise WriteNotStoredError(
            f"{len(undone)} generations, such as {undone[0]['generation_id']}, did not keep what their "
            "links say; look for a trigger on generations that changes it. This batch was rolled back."
        )


def _differing(transaction: "Transaction", ids: list[str]) -> list[dict[str, Any]]:
    return transaction.rows(sql.statement(f"repairs/{AUDIT}"), generation_ids=ids)


def _refuse_where_links_do_not_tell(transaction: "Transaction") -> None:
    found = transaction.rows(over_flat("audit/circumstances"))[0]
    if not found["arrays"]:
        raise InvalidChangeError(
            "shot_data holds scalars here, one frame a shot, and nothing says that lists are the rule: a "
            "list would be a new shape, a scalar would lose frames. Nothing was written; migrate it first."
        )
    if found["links_hidden"]:
        raise NotPermittedError(
            "Row level security may hide links from this user, and a rebuild from some of the links would "
            "drop the others' entries. Nothing was written; connect as the tables' owner or a role that "
            "bypasses it."
        )


@contextmanager
def _telling_what_stays(changes: list[dict[str, Any]]) -> Iterator[None]:
    try:
        yield
    except ShotkitError as error:
        if changes:
            error.args = (f"{error} Before that, {len(changes)} generations were repaired and stay so.",)
        raise


def _frame(changes: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  heavy: not before there is something to show
    import pyarrow as pa  # noqa: PLC0415

    schema = pa.schema([(name, pa.string()) for name in ("generation_id", "stored", "expected")])
    frame: pd.DataFrame = pa.Table.from_pylist(changes, schema=schema).to_pandas(types_mapper=pd.ArrowDtype)
    return frame
