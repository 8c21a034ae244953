"""The timeline of a shot on a page: what is dragged there is proposed, stored or refused here, and told."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pyarrow as pa

from shotkit.errors import ConfigurationError, InvalidChangeError, ShotkitError, StaleShotError
from shotkit.model.tables import GENERATIONS
from shotkit.mutate import Links
from shotkit.widgets.base import Ends, View
from shotkit.widgets.files import script, style
from shotkit.widgets.messages import error_record, wire
from shotkit.widgets.pictures import Pictures, pictures_of
from shotkit.widgets.requests import answer
from shotkit.widgets.sheet import Tile, frame_words, with_sheet
from shotkit.widgets.timeline_state import (
    Frames,
    Shown,
    difference,
    frames_of,
    provisional,
    version_of,
)
from shotkit.widgets.turns import Turns

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.mutate import Change
    from shotkit.query import Observer, QueryResult
    from shotkit.storage import Store

__all__ = ["ShotLike", "Timeline"]

_MODES = ("ruler", "strip")
_REMEMBERED = 16  # orders that a page may still propose on

Told = dict[str, Any]


class ShotLike(Protocol):
    """What a timeline needs of a shot: `shotkit.Shot` has it."""

    name: str
    store: "Store"
    move: "Callable[..., Change]"
    move_to: "Callable[..., Change]"
    shift: "Callable[..., Change]"
    place: "Callable[..., Change]"
    unplace: "Callable[..., Change]"
    initialize: "Callable[..., Change]"
    normalize: "Callable[..., Change]"
    set_prompts: "Callable[..., Change]"
    undo: "Callable[[], Change]"
    redo: "Callable[[], Change]"
    images: "Callable[[], pd.DataFrame]"
    generations: "Callable[[], pd.DataFrame]"
    refresh: "Callable[[], None]"
    observe: "Callable[[Callable[[QueryResult], object]], Observer]"


class Timeline(View):
    """The images of a shot on a ruler of frames, or in a strip in their order; both may be dragged.

    Thumbnails are there at once; they can be moved when the links have been read, which happens in the
    background. A change made elsewhere appears by itself.
    """

    _esm = script("timeline")
    _css = style("timeline")

    def __init__(
        self,
        shot: ShotLike,
        *,
        mode: Literal["ruler", "strip"] = "ruler",
        pictures: Pictures | None = None,
        **unknown: object,
    ) -> None:
        if mode not in _MODES:
            raise ConfigurationError(f"A timeline has no mode {mode!r}; there are {' and '.join(_MODES)}.")
        self.shot = shot
        self._result: QueryResult | None = None
        self._orders: OrderedDict[str, Frames] = OrderedDict()
        self._turns = Turns(self._tell_news)
        self._shown = Shown(self.picture_key)
        first = {"name": wire(shot.name), "mode": mode, "phase": 1, "version": "", "revision": 0}
        rows = provisional(shot.images(), self.picture_key)
        super().__init__(
            state={**first, "problem": None, "pending": [], "rows": rows},
            pictures=pictures or pictures_of(shot),
            unknown=unknown,
        )

    @answer
    def move(self, *, id: str, frame: int, version: str, rebase: bool = False) -> Told:  # noqa: A002  the column's name
        """Put a link at a frame."""
        return self._propose(
            lambda seen: self.shot.move(id, frame, seen=seen, rebase=rebase), version, rebase
        )

    @answer
    def move_to(self, *, ids: list[str], before: str | None, version: str, rebase: bool = False) -> Told:
        """Put links before another, or behind the last."""

        def change(seen: Frames) -> "Change":
            return self.shot.move_to(ids, _index(ids, before, seen), seen=seen, rebase=rebase)

        return self._propose(change, version, rebase)

    @answer
    def shift(self, *, ids: list[str], delta: int, version: str, rebase: bool = False) -> Told:
        """Move links by as many frames each."""
        return self._propose(
            lambda seen: self.shot.shift(ids, delta, seen=seen, rebase=rebase), version, rebase
        )

    @answer
    def place(self, *, id: str, frame: int | None = None, version: str, rebase: bool = False) -> Told:  # noqa: A002  as above
        """Put a link on the timeline, at a frame or behind the last."""
        return self._propose(
            lambda seen: self.shot.place(id, frame, seen=seen, rebase=rebase), version, rebase
        )

    @answer
    def unplace(self, *, id: str, version: str, rebase: bool = False) -> Told:  # noqa: A002  as above
        """Take a link off the timeline."""
        return self._propose(lambda seen: self.shot.unplace(id, seen=seen, rebase=rebase), version, rebase)

    @answer
    def initialize(self, *, version: str, rebase: bool = False) -> Told:
        """Put all that are off the timeline behind the last."""
        return self._propose(lambda seen: self.shot.initialize(seen=seen, rebase=rebase), version, rebase)

    @answer
    def normalize(self, *, version: str, rebase: bool = False) -> Told:
        """Let the timeline start at 0, without large gaps."""
        return self._propose(lambda seen: self.shot.normalize(seen=seen, rebase=rebase), version, rebase)

    @answer
    def set_prompts(
        self,
        *,
        id: str,  # noqa: A002  as above
        prompt: str | None = None,
        negative_prompt: str | None = None,
        version: str,
        rebase: bool = False,
    ) -> Told:
        """Write the prompts between a link and the next."""

        def change(seen: Frames) -> "Change":
            return self.shot.set_prompts(id, prompt, negative_prompt, seen=seen, rebase=rebase)

        return self._propose(change, version, rebase)

    @answer
    def undo(self) -> Told:
        """Take the last change of the shot back."""
        with self._turns.held():
            return self._done(self.shot.undo())

    @answer
    def redo(self) -> Told:
        """Repeat the change that was last taken back."""
        with self._turns.held():
            return self._done(self.shot.redo())

    @answer
    def retry(self) -> None:
        """Read the shot again; what comes of it is told as news."""
        self.shot.refresh()

    @answer
    def whole(self, *, revision: int | None = None) -> Told:
        """Return the whole state, for a page that may have missed news; nothing if it is at `revision`."""
        with self._turns.turn():
            self._tell_news()  # to the other pages too
            return {} if self.state["revision"] == revision else {"state": self.state}

    def __repr__(self) -> str:
        return f"<Timeline of {self.shot.name!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        rows = self.state["rows"]
        tiles = [Tile(self._addresses[row["picture"]], frame_words(row["timeline_frame"])) for row in rows]
        return with_sheet(bundle, tiles, self._pictures, title=f"{self.shot.name}, {len(rows):,} images")

    def _observe(self) -> Iterable[Ends]:
        observer = self.shot.observe(self._changed)
        self._changed(observer.result)
        return [observer]

    def _changed(self, result: "QueryResult") -> None:
        self._result = result
        self._turns.wanted()

    def _tell_news(self) -> None:
        if news := self._difference():
            self.tell("news", news=news)

    def _propose(self, change: "Callable[[Frames], Change]", version: str, rebase: bool) -> Told:  # noqa: FBT001  private
        with self._turns.held():
            return self._done(change(self._seen(version, rebase=rebase)))

    def _done(self, change: "Change") -> Told:
        with self._turns.turn():
            told = {"op": change.op_id, "version": self._remember(change.frames)}
            return {**told, "news": self._difference()}

    def _seen(self, version: str, *, rebase: bool) -> Frames:
        if not self._orders:
            raise InvalidChangeError("The links of this shot have not been read yet; wait until they are.")
        today = self._orders[next(reversed(self._orders))]
        if rebase or version in self._orders:
            return today if rebase else self._orders[version]
        raise StaleShotError(
            "The page proposed this on an order of long ago. Nothing was written; do it again on today's.",
            seen=today,
            found=today,
        )

    def _remember(self, frames: Frames) -> str:
        if self._orders and self._orders[newest := next(reversed(self._orders))] == frames:
            return newest
        version = version_of(frames)
        self._orders[version] = frames
        self._orders.move_to_end(version)
        while len(self._orders) > _REMEMBERED:
            self._orders.popitem(last=False)
        return version

    def _difference(self) -> Told:
        """Take what the shot is now for the state; return what makes it of what the pages have."""
        result, old = self._result, self.state
        new = {**old, "problem": None}
        try:
            new |= {} if result is None else self._today(result)
        except ShotkitError as error:
            self.last_error = error
            new["problem"] = error_record(error)
        if not (news := difference(old, new)):
            return {}
        revision = old["revision"] + 1
        self.keep({**new, "revision": revision})
        return {**news, "after": old["revision"], "revision": revision}

    def _today(self, result: "QueryResult") -> Told:
        told = {"pending": wire(result.pending)}
        if result.data is None or result.is_placeholder:
            if result.error is not None:
                return {**told, "problem": error_record(result.error)}
            return told
        rows = pa.Table.from_pandas(self.shot.generations(), schema=GENERATIONS, preserve_index=False)
        version = self._remember(frames_of(rows))
        return {**told, "phase": 2, "version": version, "rows": self._shown.links(rows)}


def _index(ids: Sequence[str], before: str | None, seen: Frames) -> int:
    """Return the place among the links that stay."""
    stay = [id_ for id_ in Links.of(seen).positions if id_ not in ids]
    if before is None:
        return len(stay)
    if before not in stay:
        raise InvalidChangeError(f"{str(before)[:80]!r}, before which it was to go, is not on the timeline.")
    return stay.index(before)
