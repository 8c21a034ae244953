"""The journal as a table."""

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotkit.journal.entry import Entry

__all__ = ["HISTORY", "history"]

#: `what` is the change in a few words, `where` the shot's name or the generation's id.
HISTORY = pa.schema(
    [
        pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("op_id", pa.string(), nullable=False),
        pa.field("what", pa.string(), nullable=False),
        pa.field("where", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("undone_by", pa.string()),
    ]
)


def history(entries: "Sequence[Entry]") -> pa.Table:
    """Return a table of HISTORY, in the order of the entries."""
    columns = [
        [entry.microseconds for entry in entries],
        [entry.op_id for entry in entries],
        [entry.label for entry in entries],
        [entry.place for entry in entries],
        [entry.code for entry in entries],
        [entry.status for entry in entries],
        [entry.undone_by for entry in entries],
    ]
    typed = [pa.array(column, field.type) for column, field in zip(columns, HISTORY, strict=True)]
    return pa.table(typed, schema=HISTORY)
