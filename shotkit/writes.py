"""Sends the changes of a kit: noted in the journal before, shown at once, and then as they are stored."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shotkit.errors import StaleShotError, StaleVariantsError
from shotkit.journal import Entry
from shotkit.mutate import Change
from shotkit.query import invalidate_shot, shot_keys
from shotkit.session import images_key, shown_at_once, variants_key

if TYPE_CHECKING:
    from shotkit.query import Patch, QueryKey
    from shotkit.session import Session

__all__ = ["Send", "write_project", "write_shot", "write_variants"]

Send = Callable[..., Change]  # takes op_id


def write_shot(
    session: "Session",
    shot_id: str,
    send: Send,
    *,
    seen: "Mapping[str, int | None] | None",
    patches: "Mapping[QueryKey, Patch]",
    **entry: Any,
) -> Change:
    """Send a change of a shot's links, `patches` shown meanwhile.

    Its rows as stored take the place of those in the cache, which are read again only where it has none of
    the new links, or others than were `seen`.
    """
    known = seen is not None and session.as_seen(shot_id, seen) is not None
    noted = _noted(session, send, kind="shot", shot_id=shot_id, **entry)
    label = entry["label"]
    try:
        change = session.write(
            ("shot", shot_id), noted, patches=patches, stored=partial(_as_stored, shot_id), label=label
        )
    except StaleShotError:
        invalidate_shot(session.client, shot_id, reason=f"{label} was refused: the shot is another")
        raise
    if change.xid is not None:
        replaced = known and change.frames_before == seen and not change.added
        rows = (images_key(shot_id),) if replaced else shot_keys(shot_id, "metadata")
        counts = (*shot_keys(shot_id, "counts"), *shot_keys(shot_id, "unified"))
        session.client.invalidate(*rows, *counts, reason=label)
        if _placed(change.frames_before) != _placed(change.frames):
            session.forget_galleries(reason=label)
    return change


def write_variants(
    session: "Session", generation_id: str, send: Send, *, is_noted: bool = True, **entry: Any
) -> Change:
    """Send a change of a generation's variants; every shot of the cache that holds it is read again."""
    key = variants_key(generation_id)
    label = entry["label"]
    if is_noted:
        send = _noted(session, send, kind="variants", generation_id=generation_id, **entry)

    def stored(change: Change) -> "dict[QueryKey, Patch]":
        return {} if change.stored is None else {key: lambda _: change.stored}

    try:
        change = session.write(("generation", generation_id), send, stored=stored, label=label)
    except StaleVariantsError:
        session.forget_variants(generation_id, reason=f"{label} was refused: the variants are others")
        raise
    if change.xid is not None:
        shots = [key for shot_id in session.shots_with(generation_id) for key in shot_keys(shot_id)]
        session.client.invalidate(*shots, reason=label)
        session.forget_galleries(reason=label)
    return change


def write_project(session: "Session", project_id: str, send: Send, **entry: Any) -> Change:
    """Send a change of which shots a project has."""
    noted = _noted(session, send, kind="new shot", project_id=project_id, **entry)
    change = session.write(("project", project_id), noted, label=entry["label"])
    if change.xid is not None:
        session.client.invalidate(("shots", project_id), reason=entry["label"])
        session.forget_galleries(reason=entry["label"])
    return change


def _noted(session: "Session", send: Send, **entry: Any) -> Callable[[], Change]:
    """Return `send` with the journal told before and after: what nobody hears of stays 'unknown' there."""

    def noted() -> Change:
        op_id, database, journal = str(uuid4()), session.database, session.journal
        journal.begin(Entry(op_id, database=database.name, identity=database.acts_as, **entry))
        try:
            change = send(op_id=op_id)
        except BaseException as error:
            journal.refuse(op_id, error)
            raise
        journal.settle(op_id, change)
        return change

    return noted


def _placed(frames: "Mapping[str, int | None]") -> dict[str, bool]:
    """Return what galleries know of links: which there are, and whether they have a frame."""
    return {id_: frame is not None for id_, frame in frames.items()}


def _as_stored(shot_id: str, change: Change) -> "dict[QueryKey, Patch]":
    return {} if change.stored is None else shown_at_once(shot_id, change.stored, change.removed)
