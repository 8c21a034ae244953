"""Takes noted changes back, and back again: what `undo` and `redo` of the handles do."""

import json
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shotkit.errors import InvalidChangeError
from shotkit.given import as_flag, storable
from shotkit.mutate import Change, take_back
from shotkit.query import invalidate_shot
from shotkit.writes import Send, write_project, write_shot, write_variants

if TYPE_CHECKING:
    from shotkit.journal import Entry, Journal
    from shotkit.session import Session

__all__ = ["redo", "undo"]


def undo(
    session: "Session", op_id: str | None = None, *, shot_id: str | None = None, dry_run: bool = False
) -> Change:
    """Take back the change `op_id`, else the newest that stands; with `shot_id` of that shot's links.

    Raises StaleShotError or StaleVariantsError where what it left is no longer there.
    """
    dry_run, journal = as_flag(dry_run, "dry_run"), session.journal
    where = {"database": session.database.name, "identity": session.database.acts_as}
    entry = _newest(journal, where, shot_id) if op_id is None else journal.find(_checked(op_id))
    if (entry.database, entry.identity) != (where["database"], where["identity"]):
        raise InvalidChangeError(
            f"Change {entry.op_id} was made on {entry.database} as {entry.identity or 'its owner'}; connect "
            "as that to undo it."
        )
    return _take_back(session, entry, f"undo {entry.label}", dry_run=dry_run)


def redo(session: "Session", *, shot_id: str | None = None, dry_run: bool = False) -> Change:
    """Make the change again that was undone last, if no other came after that."""
    where = {"database": session.database.name, "identity": session.database.acts_as}
    dry_run = as_flag(dry_run, "dry_run")
    entry = session.journal.last_undone(**where, shot_id=shot_id)
    if entry is None:
        raise InvalidChangeError("There is nothing to redo: no change was undone, or another came after it.")
    return _take_back(session, entry, f"redo {entry.label.removeprefix('undo ')}", dry_run=dry_run)


def _newest(journal: "Journal", where: dict[str, str], shot_id: str | None) -> "Entry":
    """Return the newest change that can be taken back; warn of a newer one that cannot be."""
    newest = journal.last_standing(**where, shot_id=shot_id)
    if newest is None:
        raise InvalidChangeError("There is nothing to undo; see kit.history().")
    entry = journal.last_undoable(**where, shot_id=shot_id) or newest
    if entry != newest:
        warnings.warn(
            f"{newest.label} of {newest.at:%H:%M} was passed over, it cannot be undone: {newest.reason}. "
            f"This undoes what came before it: {entry.label} of {entry.at:%H:%M}.",
            UserWarning,
            stacklevel=4,
        )
    return entry


def _checked(op_id: object) -> str:
    if not isinstance(op_id, str | UUID):
        raise InvalidChangeError(
            f"{op_id!r:.80} is no op_id; give one of kit.history(), or the op_id of a Change."
        )
    return storable(str(op_id), "op_id", InvalidChangeError)


def _take_back(session: "Session", entry: "Entry", label: str, *, dry_run: bool) -> Change:
    payload = session.journal.undo(entry.op_id)
    send = partial(take_back, session.database, payload, entry.op_id)
    if dry_run:
        return send(dry_run=True)
    told: dict[str, Any] = {
        "label": label,
        "code": f"kit.undo({entry.op_id!r})",
        "place": entry.place,
        "undoes": entry.op_id,
    }
    return _write(session, entry, json.loads(payload), send, told)


def _write(
    session: "Session", entry: "Entry", remembered: dict[str, Any], send: Send, told: dict[str, Any]
) -> Change:
    if entry.kind == "shot":
        shot_id, seen = remembered["shot_id"], remembered["after"]
        change = write_shot(session, shot_id, send, seen=seen, patches={}, **told)
        session.followed(shot_id, change)
        return change
    if entry.kind == "variants":
        generation_id = remembered["generation_id"]
        change = write_variants(session, generation_id, send, **told)
        session.followed(generation_id, change)
        return change
    change = write_project(session, entry.project_id or "", send, shot_id=entry.shot_id, **told)
    invalidate_shot(session.client, remembered["shot_id"], reason=told["label"])
    return change
