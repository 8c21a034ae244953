"""Compares two stores: checksums of blocks first, then the rows of the blocks that differ."""

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

from shotkit.compare.blocks import Difference, differences, differing_blocks
from shotkit.compare.result import CHANGES, COLUMNS, Comparison, TableCompared
from shotkit.compare.shared import share
from shotkit.compare.side import opened
from shotkit.progress import bar

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.engine import Database, SnapshotDatabase

__all__ = ["compare"]


def compare(
    here: "Database | SnapshotDatabase", there: "Database | SnapshotDatabase", *, progress: bool = False
) -> Comparison:
    """Hold the core tables of `here` against those of `there`.

    Each side is read in one repeatable-read, read-only transaction: the columns in a first round trip, the
    checksums of all blocks in a second, and the rows of those that differ, some thousands in each that
    follows. With `progress` a bar is drawn on a terminal.
    """
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(opened(each)) for each in (here, there))
        shared, skipped = share(ours.shown(), theirs.shown())
        with bar("comparing blocks", 2, shown=progress) as advance:
            rows, blocks = differing_blocks((ours, theirs), shared, advance)
        with bar("comparing rows", sum(block.rows for block in blocks), shown=progress) as advance:
            found = sorted(differences((ours, theirs), blocks, advance))
    changes = Counter((table, change) for table, _, change, _ in found)
    tables = tuple(
        TableCompared(table.name, *rows[table.name], *(changes[table.name, change] for change in CHANGES))
        for table in shared
    )
    return Comparison(here.name, there.name, _frame(found), tables, tuple(skipped))


def _frame(found: list[Difference]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  heavy: not before something was compared
    import pyarrow as pa  # noqa: PLC0415

    columns = zip(*found, strict=True) if found else ([],) * len(COLUMNS)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=list(COLUMNS))
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame
