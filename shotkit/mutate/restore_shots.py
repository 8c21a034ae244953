"""Takes back that a shot was made, and that this was taken back: it goes whole, and comes back whole."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shotkit.errors import StaleShotError
from shotkit.mutate.attempts import DEADLINE
from shotkit.mutate.change import Change, checked_op_id
from shotkit.mutate.differ import difference
from shotkit.mutate.locks import array, locked, locked_project
from shotkit.mutate.remember import own, whole_shot
from shotkit.mutate.restore import undo_code
from shotkit.mutate.restored import Frames, Restored, restored
from shotkit.mutate.shot_data import heal
from shotkit.mutate.write import prove
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction

__all__ = ["restore_shot"]


def restore_shot(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    remembered: Mapping[str, Any],
    undoes: str,
    *,
    op_id: str | None = None,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> Change:
    """Delete a shot that a change made, if it stands as it was made; or put one back that went so."""
    op_id, goes = checked_op_id(op_id), remembered["is"] is not None
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            found = _foreseen(transaction, remembered)
        return Change(op_id, undo_code(undoes), dry_run, found.before, found.after)
    return restored(
        database,
        lambda transaction: (_delete if goes else _put_back)(transaction, remembered),
        lambda transaction: _is_there(transaction, remembered) is not goes,
        undoes,
        op_id,
        deadline,
    )


def _foreseen(transaction: "Transaction", remembered: Mapping[str, Any]) -> Restored:
    now = whole_shot(transaction, remembered["shot_id"])
    if remembered["is"] is None:
        _refuse_again(remembered, now)
        return Restored({}, _frames(remembered["was"]), {}, "")
    _refuse_changed(remembered, now)
    return Restored(_frames(now), {}, {}, "")


def _delete(transaction: "Transaction", remembered: Mapping[str, Any]) -> Restored:
    shot_id = remembered["shot_id"]
    _refuse_changed(remembered, whole_shot(transaction, shot_id))
    shot, links = locked(transaction, shot_id, kinds=False)
    now = whole_shot(transaction, shot_id)
    _refuse_changed(remembered, now)
    generations = sorted({link.generation_id for link in links.values()})
    transaction.rows(statement("mutate/lock_generations"), generation_ids=array(generations))
    transaction.execute(statement("mutate/delete_shot"), shot_id=shot_id)
    prove({"shot": None}, {"shot": whole_shot(transaction, shot_id)})
    heal(transaction, shot_id, generations)
    return Restored(_frames(now), {}, {**remembered, "was": now, "is": None}, shot["xid"])


def _put_back(transaction: "Transaction", remembered: Mapping[str, Any]) -> Restored:
    shot_id, was = remembered["shot_id"], remembered["was"]
    xid = locked_project(transaction, remembered["project_id"]).xid
    _refuse_again(remembered, whole_shot(transaction, shot_id))
    generations = sorted({row["generation_id"] for row in json.loads(was["links"])})
    transaction.rows(statement("mutate/lock_generations"), generation_ids=array(generations))
    transaction.execute(statement("mutate/put_back_shot"), row=was["shot"])
    # Where triggers give each shot links of their own, those that it had are among the ones put back.
    transaction.execute(statement("mutate/unmake_links"), shot_id=shot_id)
    transaction.execute(statement("mutate/put_back_links"), rows=was["links"])
    now = whole_shot(transaction, shot_id)
    prove(_lasting(was), _lasting(now) if now else {})
    heal(transaction, shot_id, generations)
    return Restored({}, _frames(now), {**remembered, "was": None, "is": now}, xid)


def _is_there(transaction: "Transaction", remembered: Mapping[str, Any]) -> bool:
    # The locks wait until the server has ended the transaction whose client it lost: one that puts the shot
    # back holds the project, one that deletes it the shot.
    locked_project(transaction, remembered["project_id"])
    return bool(transaction.rows(statement("mutate/lock_shot"), shot_id=remembered["shot_id"]))


def _refuse_changed(remembered: Mapping[str, Any], now: Mapping[str, str] | None) -> None:
    seen, found = _frames(remembered["is"]), _frames(now)
    if now is None:
        raise _stale(remembered, "it is gone", seen, found)
    if seen != found:
        raise _stale(remembered, difference(seen, found), seen, found)
    if _lasting(remembered["is"]) != _lasting(now):
        raise _stale(remembered, "its name, its settings or its links' metadata are others", seen, found)


def _refuse_again(remembered: Mapping[str, Any], now: Mapping[str, str] | None) -> None:
    if now is not None:
        raise _stale(remembered, "it is there again", {}, _frames(now))


def _stale(remembered: Mapping[str, Any], what: str, seen: Frames, found: Frames) -> StaleShotError:
    return StaleShotError(
        f"Shot {remembered['shot_id']} changed since what would be undone: {what}. Nothing was written; "
        "change it by hand, or undo first what came after.",
        seen=seen,
        found=found,
    )


def _frames(whole: Mapping[str, str] | None) -> Frames:
    rows = json.loads(whole["links"]) if whole else []
    return {row["id"]: row["timeline_frame"] for row in rows}


def _lasting(whole: Mapping[str, str]) -> dict[str, Any]:
    """Return a whole shot without its place among others, and without what a move there and back changes."""
    shot = json.loads(whole["shot"]) | {"position": None, "updated_at": None}
    links = {
        row["id"]: row | {"metadata": own(row["metadata"]), "updated_at": None}
        for row in json.loads(whole["links"])
    }
    return {"shot": shot, **links}
