"""Finds the blocks of rows whose checksums differ, and the rows in them that do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, log
from typing import TYPE_CHECKING, Any

from shotkit.compare.side import Asked, Side

if TYPE_CHECKING:
    from shotkit.compare.shared import Shared

__all__ = ["Block", "Difference", "differences", "differing_blocks"]

Sides = tuple[Side, Side]
Difference = tuple[str, str, str, str | None]  # table, id, change, columns

_AT_ONCE = 20_000  # rows of a side that are compared in one go, a block more or less
_ROWS_OF_A_BLOCK = 64
_FEWEST, _MOST = 2, 4  # hex digits that name a block: 256 to 65,536 blocks


@dataclass(frozen=True)
class Block:
    """A block that differs, and how many rows of it the larger side has."""

    table: "Shared"
    name: str
    rows: int


def differing_blocks(
    sides: Sides, shared: "list[Shared]", advance: Callable[..., None]
) -> tuple[dict[str, tuple[int, int]], list[Block]]:
    """Return how many rows each table has here and there, and the blocks that differ.

    `advance` is told when each side has answered.
    """
    summed = []
    for side in sides:
        summed.append(_summed(side, shared))
        advance()
    ours, theirs = summed
    rows, blocks = {}, []
    for table in shared:
        here, there = ours[table.name], theirs[table.name]
        rows[table.name] = (_total(here), _total(there))
        blocks += [
            Block(table, name, max(here.get(name, _NONE)[0], there.get(name, _NONE)[0]))
            for name in sorted(here.keys() | there.keys())
            if here.get(name) != there.get(name)
        ]
    return rows, blocks


def differences(sides: Sides, blocks: list[Block], advance: Callable[..., None]) -> Iterator[Difference]:
    """Find the rows of the blocks that differ; `advance` is told how many were looked at."""
    for some in _portions(blocks):
        of_table: dict[Shared, list[str]] = {}
        for block in some:
            of_table.setdefault(block.table, []).append(block.name)
        answers = [_rows(side, of_table) for side in sides]
        for table, here, there in zip(of_table, *answers, strict=True):
            yield from _of_table(table, here, there)
        advance(sum(block.rows for block in some))


_Summed = dict[str, tuple[int, str]]
_NONE = (0, "")


def _summed(side: Side, shared: "list[Shared]") -> dict[str, _Summed]:
    schema = _schema(block="string", counted="int64", checksum="string")
    asked = [Asked(side.words.blocks(table, _digits(table)), schema, {}) for table in shared]
    found = (
        {block: (counted, checksum) for block, counted, checksum in _tuples(answer)}
        for answer in side.ask(asked)
    )
    return dict(zip((table.name for table in shared), found, strict=True))


def _rows(side: Side, of_table: "dict[Shared, list[str]]") -> list[dict[str, str]]:
    schema = _schema(id="string", checksums="string")
    asked = [
        Asked(side.words.rows(table, _digits(table)), schema, {"blocks": blocks})
        for table, blocks in of_table.items()
    ]
    return [dict(_tuples(answer)) for answer in side.ask(asked)]


def _of_table(table: "Shared", here: dict[str, str], there: dict[str, str]) -> Iterator[Difference]:
    for id_ in here.keys() - there.keys():
        yield table.name, id_, "added", None
    for id_ in there.keys() - here.keys():
        yield table.name, id_, "removed", None
    for id_ in here.keys() & there.keys():
        if here[id_] != there[id_]:
            ours, theirs = (sums[id_].split(",")[1:] for sums in (here, there))
            pairs = zip(table.columns, ours, theirs, strict=True)
            yield table.name, id_, "changed", ", ".join(column.name for column, a, b in pairs if a != b)


def _portions(blocks: list[Block]) -> Iterator[list[Block]]:
    some: list[Block] = []
    rows = 0
    for block in blocks:
        if some and rows + block.rows > _AT_ONCE:
            yield some
            some, rows = [], 0
        some.append(block)
        rows += block.rows
    if some:
        yield some


def _digits(table: "Shared") -> int:
    blocks = max(1, table.about_rows / _ROWS_OF_A_BLOCK)
    return min(_MOST, max(_FEWEST, ceil(log(blocks, 16))))


def _total(summed: _Summed) -> int:
    return sum(counted for counted, _ in summed.values())


def _schema(**columns: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415  heavy: not before something is compared

    return pa.schema([(name, getattr(pa, type_)()) for name, type_ in columns.items()])


def _tuples(answer: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in answer.columns), strict=True)
