"""What taking back a whole, a shot or an upload, comes to: one transaction, and the change that it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotkit.mutate.attempts import stored
from shotkit.mutate.change import Change
from shotkit.mutate.restore import undo_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotkit.engine import Database, Transaction

__all__ = ["Frames", "Restored", "restored"]

Frames = dict[str, int | None]


@dataclass(frozen=True)
class Restored:
    """What a transaction did, and by what it can be found again."""

    before: Frames
    after: Frames
    remembered: dict[str, Any]
    xid: str


def restored(  # noqa: PLR0913, PLR0917  what is done, for whom, and for how long it is tried
    database: "Database",
    act: "Callable[[Transaction], Restored]",
    was_kept: "Callable[[Transaction], bool]",
    undoes: str,
    op_id: str,
    deadline: float,
) -> Change:
    """Return the change that `act` stored; `was_kept` says so of one whose answer was lost."""
    found = stored(database, act, lambda transaction, _: was_kept(transaction), deadline)
    before, after = found.before, found.after
    removed = tuple(id_ for id_ in found.before if id_ not in found.after)
    return Change(
        op_id,
        undo_code(undoes),
        dry_run=False,
        _before=before,
        _after=after,
        xid=found.xid,
        removed=removed,
        remembered=lambda: found.remembered,
    )
