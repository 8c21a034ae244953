"""Plans and applies repairs: what a report names, where it still stands as reported, and no more."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from shotkit.audit.flat import over_flat
from shotkit.audit.repair.batches import OutdatedError, all_written
from shotkit.audit.repair.certificate import Certificate
from shotkit.audit.repair.locks import locked, refuse_barred, refuse_snapshot
from shotkit.audit.repair.planned import Plan, asked, judged
from shotkit.audit.repair.repair import Repair
from shotkit.audit.repair.reported import Reported
from shotkit.audit.repair.undo_file import opened
from shotkit.audit.run import run
from shotkit.errors import NotPermittedError

if TYPE_CHECKING:
    import os

    from shotkit.audit.report import Report
    from shotkit.engine import Database, Transaction

__all__ = ["BATCH", "apply", "plan"]

BATCH = 1_000  # generations a transaction: a longer one would keep others waiting for its locks
SHOT_DATA = "0001_shot_data_matches_links"
LINKS, VARIANTS = ("shot_generations", "links"), ("generation_variants", "variants")  # what tells the truth


def plan(database: "Database", report: "Report") -> Repair:
    """Return what `apply` would write now, and what it would refuse."""
    refuse_snapshot(database)
    reported = Reported.of(report)
    plans = []
    with database.transaction(read_only=True, repeatable=True) as transaction:
        for ids in _batches(reported):
            arrays = _arrays(transaction, reported)
            plans.append(judged(asked(transaction, reported, ids, arrays=arrays), reported))
    cells = [cell for each in plans for cell in each.cells]
    refused = [refusal for each in plans for refusal in each.refused]
    return Repair.of(cells, [*refused, *reported.beyond], None)


def apply(
    database: "Database", report: "Report", undo_file: "str | os.PathLike[str] | None" = None
) -> Repair:
    """Write what mends the findings of `report`, BATCH generations a transaction, each proven or rolled back.

    What is not as reported any more is refused and told; what is right by now is passed by, so that running
    it again changes nothing. `undo_file` is made anew and has what stood there, on disk before each commit.
    Raises NotPermittedError where rows may be hidden or may not be written, ReadOnlyError, and
    WriteNotStoredError where the database keeps nothing of it or writes other rows.
    """
    refuse_snapshot(database)
    reported = Reported.of(report)
    plans = (partial(_planned, database, reported, ids) for ids in _batches(reported))
    with opened(undo_file, database.name) as file:
        batches = all_written(database, plans, file)
    found = report.findings[report.findings["audit"].isin(reported.audits)]
    after = run(database, reported.audits).findings if reported.audits else found
    return Repair.written(batches, reported.beyond, Certificate.of(database.name, batches, found, after))


def _planned(database: "Database", reported: Reported, ids: list[str], transaction: "Transaction") -> Plan:
    arrays = _arrays(transaction, reported)
    may_write = locked(transaction, ids, variants=reported.audits != (SHOT_DATA,))
    answers = asked(transaction, reported, ids, arrays=arrays)
    # This snapshot is older than the locks: who was waited for may have committed what it does not show.
    if answers != asked(database, reported, ids, arrays=arrays):
        raise OutdatedError
    planned = judged(answers, reported)
    refuse_barred(planned, may_write)
    return planned


def _arrays(transaction: "Transaction", reported: Reported) -> bool:
    found = transaction.rows(over_flat("repairs/circumstances"))[0]
    for audit in reported.audits:
        table, what = LINKS if audit == SHOT_DATA else VARIANTS
        if table in found["hidden"]:
            raise NotPermittedError(
                f"Row level security may hide {what} from this user, and what is rebuilt from some of them "
                "is wrong. Nothing was written; connect as the tables' owner or a role that bypasses it."
            )
    return bool(found["arrays"])


def _batches(reported: Reported) -> Iterator[list[str]]:
    ids = reported.generation_ids
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
