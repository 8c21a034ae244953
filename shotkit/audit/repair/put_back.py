"""Takes a repair back by its undo file."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from shotkit.audit.repair.batches import all_written
from shotkit.audit.repair.cells import Cell, Refusal
from shotkit.audit.repair.certificate import Certificate
from shotkit.audit.repair.locks import locked, refuse_barred, refuse_snapshot
from shotkit.audit.repair.places import held
from shotkit.audit.repair.planned import Plan
from shotkit.audit.repair.repair import Repair
from shotkit.audit.repair.undo_file import read

if TYPE_CHECKING:
    import os

    from shotkit.engine import Database, Transaction

__all__ = ["undo"]

CHANGED, GONE = "it was changed since the repair", "it is gone"


def undo(database: "Database", undo_file: "str | os.PathLike[str]") -> Repair:
    """Put back exactly what an undo file says stood there, the last batch first.

    Generations of which anything changed since, or is gone, are refused and told; what is back already, or
    was never committed, is passed by.
    """
    refuse_snapshot(database)
    plans = [partial(_put_back, tuple(map(_back, cells))) for cells in reversed(read(undo_file))]
    batches = all_written(database, plans)
    return Repair.written(batches, (), Certificate.of(database.name, batches, None, None))


def _back(cell: Cell) -> Cell:
    return replace(cell, stored=cell.expected, expected=cell.stored)


def _put_back(cells: tuple[Cell, ...], transaction: "Transaction") -> Plan:
    ids = sorted({cell.generation_id for cell in cells})
    may_write = locked(transaction, ids, variants=any(cell.table != "generations" for cell in cells))
    now = held(transaction, cells)
    refused = {}
    for cell in cells:
        if cell.place not in now or now[cell.place] not in (cell.stored, cell.expected):
            reason = CHANGED if cell.place in now else GONE
            refused[cell.generation_id] = Refusal(cell.audit, cell.id, cell.generation_id, reason)
    left = (c for c in cells if c.generation_id not in refused and now[c.place] != c.expected)
    planned = Plan(tuple(left), tuple(refused.values()))
    refuse_barred(planned, may_write)
    return planned
