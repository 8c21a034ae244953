"""Takes back that files were uploaded, and that this was taken back; the files stay in storage meanwhile."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shotkit.errors import StaleShotError
from shotkit.mutate.attempts import DEADLINE
from shotkit.mutate.change import Change, checked_op_id
from shotkit.mutate.differ import difference
from shotkit.mutate.locks import array, links_of, locked, locked_shot
from shotkit.mutate.remember import own, whole_upload
from shotkit.mutate.restore import undo_code
from shotkit.mutate.restored import Frames, Restored, restored
from shotkit.mutate.shot_data import heal
from shotkit.mutate.write import prove
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction
    from shotkit.mutate.links import Links

__all__ = ["restore_upload"]

_PASSING = {
    "generations": ("updated_at", "shot_data"),
    "variants": ("viewed_at",),
    "links": ("updated_at", "metadata"),
}
#: What a generation shows of its primary variant, which brings it along when it is put back.
_OF_PRIMARY = ("location", "thumbnail_url", "params", "name", "primary_variant_id")


def restore_upload(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    remembered: Mapping[str, Any],
    undoes: str,
    *,
    op_id: str | None = None,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> Change:
    """Delete what an upload made, if it stands as it was made; or put back what went so."""
    op_id, goes = checked_op_id(op_id), remembered["is"] is not None
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            links = links_of(transaction, remembered["shot_id"], "links")
            _refuse_changed(transaction, remembered, links)
        after = _without(remembered) if goes else _with(remembered)
        return Change(op_id, undo_code(undoes), dry_run, links.frames, after)
    return restored(
        database,
        lambda transaction: (_delete if goes else _put_back)(transaction, remembered),
        lambda transaction: _is_there(transaction, remembered) is not goes,
        undoes,
        op_id,
        deadline,
    )


def _delete(transaction: "Transaction", remembered: Mapping[str, Any]) -> Restored:
    shot, links = locked(transaction, remembered["shot_id"], kinds=False)
    ids = remembered["generation_ids"]
    transaction.rows(statement("mutate/lock_generations"), generation_ids=array(ids))
    now = _refuse_changed(transaction, remembered, links)
    transaction.execute(statement("mutate/delete_generations"), generation_ids=array(ids))
    prove({"left": "[]"}, {"left": whole_upload(transaction, ids)["generations"]})
    after = _without(remembered)
    gone = {**remembered, "was": now, "is": None, "after": after}
    return Restored(links.frames, after, gone, shot["xid"])


def _put_back(transaction: "Transaction", remembered: Mapping[str, Any]) -> Restored:
    shot_id, was = remembered["shot_id"], remembered["was"]
    shot, links = locked(transaction, shot_id, kinds=False)
    _refuse_changed(transaction, remembered, links)
    bare = [row | dict.fromkeys(_OF_PRIMARY) | {"shot_data": {}} for row in json.loads(was["generations"])]
    transaction.execute(statement("mutate/put_back_generations"), rows=json.dumps(bare))
    transaction.execute(statement("mutate/put_back_variants"), rows=was["variants"])
    transaction.execute(statement("mutate/put_back_links"), rows=was["links"])
    heal(transaction, shot_id, remembered["generation_ids"])
    now = whole_upload(transaction, remembered["generation_ids"])
    prove(_lasting(was), _lasting(now))
    after = _with(remembered)
    back = {**remembered, "was": None, "is": now, "after": after}
    return Restored(links.frames, after, back, shot["xid"])


def _refuse_changed(
    transaction: "Transaction", remembered: Mapping[str, Any], links: "Links"
) -> dict[str, Any]:
    now = whole_upload(transaction, remembered["generation_ids"])
    if links.frames != remembered["after"]:
        raise _stale(remembered, difference(remembered["after"], links.frames), links)
    left = remembered["is"]
    if left is None and now["generations"] != "[]":
        raise _stale(remembered, "what was uploaded is there again", links)
    if left is not None and _lasting(left) != _lasting(now):
        raise _stale(remembered, "what was uploaded has other variants, links or columns", links)
    if now["dependants"]:
        raise _stale(remembered, f"{now['dependants']} generations are based on what was uploaded", links)
    return now


def _stale(remembered: Mapping[str, Any], what: str, links: "Links") -> StaleShotError:
    return StaleShotError(
        f"Shot {remembered['shot_id']} changed since what would be undone: {what}. Nothing was written; "
        "change it by hand, or undo first what came after.",
        seen=remembered["after"],
        found=links.frames,
    )


def _is_there(transaction: "Transaction", remembered: Mapping[str, Any]) -> bool:
    # The lock waits until the server has ended the transaction whose client it lost.
    locked_shot(transaction, remembered["shot_id"])
    return bool(json.loads(whole_upload(transaction, remembered["generation_ids"])["generations"]))


def _own_frames(remembered: Mapping[str, Any]) -> Frames:
    rows = json.loads((remembered["is"] or remembered["was"])["links"])
    return {row["id"]: row["timeline_frame"] for row in rows}


def _without(remembered: Mapping[str, Any]) -> Frames:
    uploaded = _own_frames(remembered)
    return {id_: frame for id_, frame in remembered["after"].items() if id_ not in uploaded}


def _with(remembered: Mapping[str, Any]) -> Frames:
    return {**remembered["after"], **_own_frames(remembered)}


def _lasting(whole: Mapping[str, str]) -> dict[str, Any]:
    """Return whole rows without what looking at them and moving them there and back changes."""
    rows = {name: json.loads(whole[name]) for name in _PASSING}
    kept = {name: [row | dict.fromkeys(_PASSING[name]) for row in found] for name, found in rows.items()}
    return kept | {"metadata": [own(row["metadata"]) for row in rows["links"]]}
