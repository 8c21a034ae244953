"""Finds out what became of changes whose process never heard the answer."""

from typing import TYPE_CHECKING

from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.journal.entry import Entry
    from shotkit.journal.journal import Journal

__all__ = ["settle_unknown"]

_NO_TRACE = (
    "no row carries its op_id: it was not stored, it was overwritten since, or it is of a kind that leaves "
    "no trace; look at the rows themselves"
)


def settle_unknown(database: "Database", journal: "Journal", *, identity: str | None = None) -> "list[Entry]":
    """Note which 'unknown' changes of this database are stored; return those that stay so, with a reason.

    A change leaves its op_id as the id of the row it adds, or in the metadata of the links it moves.
    """
    waiting = journal.unsettled(database=database.name, identity=identity)
    if not waiting:
        return []
    rows = database.rows(
        statement("mutate/trace"),
        op_ids=[entry.op_id for entry in waiting],
        shot_ids=sorted({entry.shot_id for entry in waiting if entry.shot_id}),
    )
    stored = {row["op_id"] for row in rows}
    for entry in waiting:
        if entry.op_id in stored:
            journal.found(entry.op_id)
        else:
            journal.still_unknown(entry.op_id, _NO_TRACE)
    return [journal.find(entry.op_id) for entry in waiting if entry.op_id not in stored]
