"""One transaction a batch: locks in id order, nothing skipped, tried again where others stand in the way."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.audit.repair.cells import Cell, Refusal
from shotkit.audit.repair.planned import Plan
from shotkit.audit.repair.proof import NotKeptError, Proof, write
from shotkit.errors import ConnectionLostError, CouldNotCompleteError, ShotkitError

if TYPE_CHECKING:
    from shotkit.audit.repair.undo_file import UndoFile
    from shotkit.engine import Database, Transaction

__all__ = ["Batch", "OutdatedError", "all_written"]

LOCK_TIMEOUT = "1s"  # the longest that a lock is waited for, while others wait for those held already
ATTEMPTS = 10
_PAUSE = 0.3  # seconds at most, between two attempts
NOT_KEPT = "the database did not keep it, or changed more of its generation; look for a trigger that does"


class OutdatedError(CouldNotCompleteError):
    """What is to be repaired kept changing while it was being locked; run it again."""


@dataclass(frozen=True)
class Batch:
    """What one transaction wrote, what it refused, and the proof, None where nothing was to be written."""

    cells: tuple[Cell, ...]
    refused: tuple[Refusal, ...]
    proof: Proof | None


def all_written(
    database: "Database",
    plans: "Iterable[Callable[[Transaction], Plan]]",
    undo: "UndoFile | None" = None,
) -> list[Batch]:
    """Write what each plan gives inside a transaction of its own, where it locks; an error tells what stays.

    Generations that the database does not keep so are left out and refused; WriteNotStoredError when these
    are all.
    """
    batches: list[Batch] = []
    try:
        for planned in plans:
            batches += [_written(database, planned, undo)]
        _refuse_if_nothing_was_kept(batches)
    except ShotkitError as error:
        if done := len({cell.generation_id for batch in batches for cell in batch.cells}):
            error.args = (f"{error} Before that, {done} generations were written and stay so.",)
        raise
    return batches


def _refuse_if_nothing_was_kept(batches: list[Batch]) -> None:
    refused = [refusal for batch in batches for refusal in batch.refused if refusal.reason == NOT_KEPT]
    if refused and not any(batch.cells for batch in batches):
        raise NotKeptError(refusal.key for refusal in refused)


def _written(
    database: "Database", planned: "Callable[[Transaction], Plan]", undo: "UndoFile | None"
) -> Batch:
    from shotkit.engine import passing  # noqa: PLC0415  loads the driver: not before something is repaired

    spoilt: set[str] = set()
    attempts = 0
    while True:
        try:
            return _attempt(database, planned, undo, spoilt)
        except NotKeptError as error:
            spoilt |= error.generation_ids
        except CouldNotCompleteError as error:
            attempts += 1
            if attempts == ATTEMPTS or not (passing(error) or isinstance(error, OutdatedError)):
                raise
            time.sleep(random.uniform(0, _PAUSE))  # noqa: S311  spreads the writers; no secret


def _attempt(
    database: "Database",
    planned: "Callable[[Transaction], Plan]",
    undo: "UndoFile | None",
    spoilt: set[str],
) -> Batch:
    with _noting(undo) as note, database.transaction(repeatable=True) as transaction:
        transaction.rows(sql.statement("repairs/impatient"), timeout=LOCK_TIMEOUT)
        plan = planned(transaction)
        cells = tuple(cell for cell in plan.cells if cell.generation_id not in spoilt)
        refused = (*plan.refused, *_not_kept(plan, spoilt))
        if not cells:
            return Batch((), refused, None)
        proof = write(transaction, cells)
        note(cells)
        return Batch(cells, refused, proof)


def _not_kept(plan: Plan, spoilt: set[str]) -> Iterator[Refusal]:
    for audit, generation in dict.fromkeys((cell.audit, cell.generation_id) for cell in plan.cells):
        if generation in spoilt:
            yield Refusal(audit, generation, generation, NOT_KEPT)


@contextmanager
def _noting(undo: "UndoFile | None") -> Iterator[Callable[[tuple[Cell, ...]], None]]:
    noted = []

    def note(cells: tuple[Cell, ...]) -> None:
        if undo is not None:
            noted.append(undo)
            undo.add(cells)

    try:
        yield note
    except ConnectionLostError:
        raise  # in mid-commit: it may be stored, and an undo finds out
    except ShotkitError:
        for file in noted:
            file.take_back()
        raise
