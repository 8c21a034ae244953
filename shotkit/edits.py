"""The changes of a shot, as methods of its handle: shown at once, stored by one proven transaction each."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from shotkit import mutate
from shotkit.errors import InvalidChangeError
from shotkit.given import as_flag, as_ids
from shotkit.mutate import Change, Intent, Link, Links
from shotkit.secret import cleaned
from shotkit.session import shown_at_once
from shotkit.sight import Sight
from shotkit.undo import redo, undo
from shotkit.writes import Send, write_shot

if TYPE_CHECKING:
    from shotkit.errors import ShotkitError
    from shotkit.load import ShotRows
    from shotkit.query import Patch, QueryKey
    from shotkit.session import Session

__all__ = ["Edits"]

Seen = Mapping[str, int | None] | None


class Edits(ABC):
    """Every change takes `dry_run`, which writes nothing, and returns a Change.

    It is refused with StaleShotError where the shot is not as its caller saw it: as this handle showed it
    last, unless `seen` says otherwise (the frame of every link by id). A handle that has shown nothing yet
    has nothing to compare; its own changes follow each other, also those of several threads. With `rebase` it
    is worked out anew on the links of today. Ids are those of links.
    """

    def __init__(self, session: "Session", id: str, name: str) -> None:  # noqa: A002  the row's columns
        self.id = id
        self.name = cleaned(name)  # it is shown, noted and sent to pages
        self._session = session
        self._sight: Sight[Mapping[str, int | None]] = Sight()
        session.handles.add(self)
        self._failure: ShotkitError | None = None  # of phase 2, which changes cannot do without

    def move(
        self,
        id: str,  # noqa: A002  the column's name
        frame: int,
        *,
        seen: Seen = None,
        rebase: bool = False,
        dry_run: bool = False,
    ) -> Change:
        """Put a link at a frame, or at the nearest free one."""
        return self.apply(mutate.Move(id, frame), seen=seen, rebase=rebase, dry_run=dry_run)

    def exchange(
        self, a: str, b: str, *, seen: Seen = None, rebase: bool = False, dry_run: bool = False
    ) -> Change:
        """Let two links swap their frames."""
        return self.apply(mutate.Exchange(((a, b),)), seen=seen, rebase=rebase, dry_run=dry_run)

    def reorder(
        self, ids: Iterable[str], *, seen: Seen = None, rebase: bool = False, dry_run: bool = False
    ) -> Change:
        """Let links share out the frames that they hold, in this order."""
        return self.apply(mutate.Reorder(_links(ids)), seen=seen, rebase=rebase, dry_run=dry_run)

    def move_to(
        self,
        ids: "str | Iterable[str]",
        index: int,
        *,
        seen: Seen = None,
        rebase: bool = False,
        dry_run: bool = False,
    ) -> Change:
        """Drag one link or several so that they stand from place `index` of the timeline on."""
        return self.apply(mutate.MoveTo(_links(ids), index), seen=seen, rebase=rebase, dry_run=dry_run)

    def shift(
        self,
        ids: "str | Iterable[str]",
        delta: int,
        *,
        seen: Seen = None,
        rebase: bool = False,
        dry_run: bool = False,
    ) -> Change:
        """Move links by as many frames each, or by the nearest number for which they all find free ones."""
        return self.apply(mutate.Shift(_links(ids), delta), seen=seen, rebase=rebase, dry_run=dry_run)

    def place(
        self,
        id: str,  # noqa: A002  the column's name
        frame: int | None = None,
        *,
        seen: Seen = None,
        rebase: bool = False,
        dry_run: bool = False,
    ) -> Change:
        """Put a link on the timeline: at a frame, or the nearest free one, else behind the last."""
        return self.apply(mutate.Place(id, frame), seen=seen, rebase=rebase, dry_run=dry_run)

    def unplace(self, id: str, *, seen: Seen = None, rebase: bool = False, dry_run: bool = False) -> Change:  # noqa: A002  the column's name
        """Take a link off the timeline; it stays in the shot."""
        return self.apply(mutate.Unplace(id), seen=seen, rebase=rebase, dry_run=dry_run)

    def initialize(
        self, spacing: int | None = None, *, seen: Seen = None, rebase: bool = False, dry_run: bool = False
    ) -> Change:
        """Put the images that are off the timeline behind the last, oldest first, `spacing` frames apart."""
        return self.apply(mutate.Initialize(spacing), seen=seen, rebase=rebase, dry_run=dry_run)

    def normalize(self, *, seen: Seen = None, rebase: bool = False, dry_run: bool = False) -> Change:
        """Let the timeline start at 0, with no gap above the largest allowed."""
        return self.apply(mutate.Normalize(), seen=seen, rebase=rebase, dry_run=dry_run)

    def add(
        self,
        generation_id: str,
        positioned: bool = True,  # noqa: FBT001, FBT002  the name and place that users script against
        *,
        seen: Seen = None,
        rebase: bool = False,
        dry_run: bool = False,
    ) -> Change:
        """Put a generation into the shot as a new link: behind the last, or off the timeline."""
        return self.apply(mutate.Add(generation_id, positioned), seen=seen, rebase=rebase, dry_run=dry_run)

    def remove(self, id: str, *, seen: Seen = None, rebase: bool = False, dry_run: bool = False) -> Change:  # noqa: A002  the column's name
        """Take a link out of the shot."""
        return self.apply(mutate.Remove(id), seen=seen, rebase=rebase, dry_run=dry_run)

    def set_prompts(  # noqa: PLR0913  each is a keyword that a caller may leave out
        self,
        id: str,  # noqa: A002  the column's name
        prompt: str | None = None,
        negative_prompt: str | None = None,
        *,
        seen: Seen = None,
        rebase: bool = False,
        dry_run: bool = False,
    ) -> Change:
        """Write the prompts between a link and the next one; None leaves one as it is, '' clears it."""
        intent = mutate.SetPrompts(id, prompt, negative_prompt)
        return self.apply(intent, seen=seen, rebase=rebase, dry_run=dry_run)

    def apply(
        self, intent: Intent, *, seen: Seen = None, rebase: bool = False, dry_run: bool = False
    ) -> Change:
        """Store any intent of shotkit.mutate; the other methods are short for it."""
        rebase, dry_run = as_flag(rebase, "rebase"), as_flag(dry_run, "dry_run")
        if not isinstance(intent, Intent):
            raise InvalidChangeError(
                f"{intent!r:.80} is no change of a shot; give one of shotkit.mutate: Move(id, frame), ..."
            )
        given = None if seen is None else _frames(seen)
        with self._sight.turn:
            if self._failure is not None:
                self._rows()
            held = self._sight.shown if given is None else given
            send = partial(mutate.apply, self._session.database, self.id, intent, seen=held, rebase=rebase)
            return send(dry_run=True) if dry_run else self._write(intent, send, held)

    def undo(self, *, dry_run: bool = False) -> Change:
        """Take back the newest change of this shot's links that stands, made here by this user.

        It is refused with StaleShotError where the shot has changed since, with the difference.
        """
        with self._sight.turn:
            return undo(self._session, shot_id=self.id, dry_run=dry_run)

    def redo(self, *, dry_run: bool = False) -> Change:
        """Make the change of this shot again that was undone last, if no other came after that."""
        with self._sight.turn:
            return redo(self._session, shot_id=self.id, dry_run=dry_run)

    def follow(self, change: Change) -> None:
        """Take what an undo of the kit left as seen, if this handle showed what the undo found."""
        self._sight.follow(change.frames_before, change.frames)

    @abstractmethod
    def _rows(self) -> "ShotRows":
        """Return both phases, merged."""

    def _write(self, intent: Intent, send: Send, seen: Seen) -> Change:
        def sent(**given: Any) -> Change:
            change = send(**given)
            self._sight.left(change.frames)  # before the shot's next change is sent, by whichever handle
            return change

        told = {"label": intent.source, "code": intent.code, "place": self.name}
        patches = self._patches(intent, seen)
        return write_shot(self._session, self.id, sent, seen=seen, patches=patches, **told)

    def _patches(self, intent: Intent, seen: Seen) -> dict["QueryKey", "Patch"]:
        """Return what shows the change meanwhile, where the cache has the rows that were seen."""
        if seen is None or not (rows := self._session.as_seen(self.id, seen)):
            return {}
        plan = intent.plan(Links(_planned(rows.merged.rows)))
        removed = [plan.removed] if plan.removed else []
        if not (plan.frames or removed):
            return {}
        frames = pa.array(plan.frames.values(), pa.int64())
        changed = pa.table({"id": pa.array(plan.frames, pa.string()), "timeline_frame": frames})
        return shown_at_once(self.id, changed, removed)


def _planned(rows: "pa.Table") -> Iterator[Link]:
    # The moments as microseconds: a datetime each would cost more than all the rest.
    moments = rows["created_at"].cast(pa.int64()).to_pylist()
    columns = (rows[name].to_pylist() for name in ("id", "timeline_frame", "generation_id", "is_video"))
    for id_, at, generation_id, is_video, moment in zip(*columns, moments, strict=True):
        created = math.inf if moment is None else moment / 1e6
        yield Link(id_, at, generation_id, created, is_video=is_video)


def _frames(seen: object) -> dict[str, int | None]:
    """Return what a caller saw, whose frames may come out of a DataFrame: missing ones as NA."""
    if not isinstance(seen, Mapping | pd.Series):
        raise InvalidChangeError(
            f"seen has the frame of every link by its id, found {type(seen).__name__}; give for instance "
            "dict(zip(rows['id'], rows['timeline_frame']))."
        )
    frames: dict[Any, Any] = dict(seen.items())
    return {id_: None if pd.isna(frame) else frame for id_, frame in frames.items()}


def _links(ids: object) -> "tuple[Any, ...]":
    return as_ids(ids, "The links")
