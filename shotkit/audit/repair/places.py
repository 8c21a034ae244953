"""The columns that repairs write, read and written as text by the statements of sql/repairs/."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from shotkit import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shotkit.audit.repair.cells import Cell
    from shotkit.engine import Transaction

__all__ = ["Held", "held", "send"]

# A generation follows its variants, so that these go first.
ORDER = ("is_primary", "project_id", "primary_variant_id", "shown", "shot_data")

Held = dict[tuple[str, str, str], str | None]  # a column's own text, by table, row and column


def held(transaction: "Transaction", cells: "Iterable[Cell]") -> Held:
    """Return what the columns of these cells hold; a row that is gone has none."""
    found: Held = {}
    for place, own in _by_place(cells):
        ids = sorted({cell.id for cell in own})
        for row in transaction.rows(sql.statement(f"repairs/read_{place.name}"), ids=ids):
            texts = json.loads(row["held"])
            found |= {(place.table, row["id"], column): text for column, text in texts.items()}
    return found


def send(transaction: "Transaction", cells: "Iterable[Cell]") -> None:
    """Write what these cells expect, all columns of a place at once."""
    for place, own in _by_place(cells):
        wanted: dict[str, dict[str, str | None]] = defaultdict(dict)
        for cell in own:
            wanted[cell.id][cell.column] = cell.expected
        transaction.execute(
            sql.statement(f"repairs/write_{place.name}"),
            ids=list(wanted),
            wanted=[json.dumps(columns) for columns in wanted.values()],
        )


@dataclass(frozen=True)
class _Place:
    name: str
    table: str
    columns: tuple[str, ...]

    def has(self, cell: "Cell") -> bool:
        return cell.table == self.table and cell.column in self.columns


def _by_place(cells: "Iterable[Cell]") -> "Iterator[tuple[_Place, list[Cell]]]":
    cells = list(cells)
    for place in _places():
        if own := [cell for cell in cells if place.has(cell)]:
            yield place, own


@cache
def _places() -> tuple[_Place, ...]:
    return tuple(_place(name, sql.statement(f"repairs/write_{name}").head["writes"]) for name in ORDER)


def _place(name: str, writes: str) -> _Place:
    table, _, columns = writes.removesuffix(")").partition("(")
    return _Place(name, table, tuple(columns.split(", ")))
