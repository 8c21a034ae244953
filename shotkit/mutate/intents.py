"""The changes of positions on a timeline, as values: each says what it comes to on the links it is shown."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

from shotkit.errors import InvalidChangeError
from shotkit.given import as_number, plain
from shotkit.model import average_spacing, free_shift, midpoint_moves, next_frame, normalize, unique_frame
from shotkit.mutate.links import Links, Plan, apart, changed

__all__ = [
    "Exchange",
    "Initialize",
    "Intent",
    "Move",
    "MoveTo",
    "Normalize",
    "Place",
    "Reorder",
    "Shift",
    "Unplace",
    "moved_left",
]


class Intent(ABC):
    """A change that somebody wants of one shot."""

    source: ClassVar[str]  # the name of the handle's method; the links remember it as drag_source
    kinds: ClassVar[bool] = False  # whether it asks which links show a video

    @property
    def code(self) -> str:
        """The Python line that repeats it."""
        given = [(f.name, getattr(self, f.name), f.default) for f in fields(self)]  # type: ignore[arg-type]  # all are dataclasses
        parts = [
            repr(plain(value)) if default is MISSING else f"{name}={plain(value)!r}"
            for name, value, default in given
            if type(value) is not type(default) or value != default
        ]
        return f"shot.{self.source}({', '.join(parts)})"

    @abstractmethod
    def plan(self, links: Links) -> Plan:
        """Return what it comes to on `links`; raise InvalidChangeError where it breaks a rule."""

    def check(self, links: Links, rows: Mapping[str, Any]) -> None:  # noqa: B027  only an undo expects any
        """Refuse where the whole rows that the plan overwrites or deletes are not what was expected."""


@dataclass(frozen=True)
class Move(Intent):
    """Put one link at a frame, or at the nearest free one."""

    source = "move"
    id: str
    frame: int

    def plan(self, links: Links) -> Plan:
        """Return the one frame."""
        return Plan(changed(links, _at(links, self.id, self.frame)))


@dataclass(frozen=True)
class Exchange(Intent):
    """Let the links of each pair swap their frames, one pair after the other."""

    source = "exchange"
    pairs: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        """One line a pair."""
        return "\n".join(f"shot.exchange({plain(a)!r}, {plain(b)!r})" for a, b in self.pairs)

    def plan(self, links: Links) -> Plan:
        """Return the frames after all swaps; a swap with a link off the timeline moves the position over."""
        pairs = [links.all_known(pair) for pair in self.pairs]
        frames = {id_: links[id_].frame for pair in pairs for id_ in pair}
        for a, b in pairs:
            frames[a], frames[b] = frames[b], frames[a]
        asked = changed(links, frames)
        placed = {id_: frame for id_, frame in asked.items() if frame is not None}
        ascending = dict(sorted(placed.items(), key=lambda item: item[1]))
        return Plan(asked | apart(ascending, links.others(asked)))


@dataclass(frozen=True)
class Reorder(Intent):
    """Let the links share out the frames they hold, in this order."""

    source = "reorder"
    ids: tuple[str, ...]

    def plan(self, links: Links) -> Plan:
        """Return the frames; links that are not named keep theirs."""
        ids = _placed(links, self.ids)
        frames = sorted(links.positions[id_] for id_ in ids)
        return Plan(changed(links, apart(dict(zip(ids, frames, strict=True)), links.others(ids))))


@dataclass(frozen=True)
class MoveTo(Intent):
    """Drag links so that they stand, in this order, as number `index` and following of the timeline."""

    source = "move_to"
    ids: tuple[str, ...]
    index: int

    def plan(self, links: Links) -> Plan:
        """Return the frames of the dragged, and of neighbours that make room."""
        ids = links.all_known(self.ids)
        dragged = set(ids)
        stay = [id_ for id_ in links.positions if id_ not in dragged]
        index = as_number(self.index, f"The index among {len(stay)} other links", 0, len(stay))
        order = [*stay[:index], *ids, *stay[index:]]
        frames = {id_: links.positions.get(id_) for id_ in order}
        return Plan(changed(links, midpoint_moves(order, frames, dragged)))


@dataclass(frozen=True)
class Shift(Intent):
    """Move links by as many frames each, or by the nearest number for which they all find free ones."""

    source = "shift"
    ids: tuple[str, ...]
    delta: int

    def plan(self, links: Links) -> Plan:
        """Return the frames of the links, at the distances that they had; the others keep theirs."""
        ids = set(_placed(links, self.ids))
        held = {id_: frame for id_, frame in links.positions.items() if id_ in ids}
        first, used = min(held.values()), links.others(ids)
        delta = as_number(self.delta, f"The shift of links of which the first is at {first}", -first)
        by = free_shift(held.values(), delta, used)
        return Plan(changed(links, apart({id_: frame + by for id_, frame in held.items()}, used)))


@dataclass(frozen=True)
class Place(Intent):
    """Put a link on the timeline: at a frame, or the nearest free one, else behind the last."""

    source = "place"
    id: str
    frame: int | None = None

    def plan(self, links: Links) -> Plan:
        """Return the one frame."""
        id_ = links.known(self.id)
        if self.frame is not None:
            return Plan(changed(links, _at(links, id_, self.frame)))
        if id_ in links.positions:
            raise InvalidChangeError(
                f"{id_} is on the timeline already, at {links[id_].frame}; say which frame."
            )
        return Plan(changed(links, {id_: next_frame(links.positions.values())}))


@dataclass(frozen=True)
class Unplace(Intent):
    """Take a link off the timeline; it stays in the shot."""

    source = "unplace"
    id: str

    def plan(self, links: Links) -> Plan:
        """Return its missing frame, and the frames of the others if it was the first."""
        id_ = links.known(self.id)
        return Plan(changed(links, {id_: None, **moved_left(links, id_)}))


@dataclass(frozen=True)
class Initialize(Intent):
    """Put the images that are off the timeline behind the last one, oldest first."""

    source = "initialize"
    kinds = True
    spacing: int | None = None

    def plan(self, links: Links) -> Plan:
        """Return their frames; videos stay off."""
        used = links.positions.values()
        wanted = average_spacing(used) if self.spacing is None else self.spacing
        step = as_number(wanted, "The spacing", 1)
        waiting = [link.id for link in links.values() if link.frame is None and not link.is_video]
        first = next_frame(used, step)
        return Plan(changed(links, {id_: first + step * i for i, id_ in enumerate(waiting)}))


@dataclass(frozen=True)
class Normalize(Intent):
    """Let the timeline start at 0, with no gap above the largest allowed."""

    source = "normalize"

    def plan(self, links: Links) -> Plan:
        """Return the frames that change."""
        frames = normalize(list(links.positions.values()))
        return Plan(changed(links, apart(dict(zip(links.positions, frames, strict=True)))))


def moved_left(links: Links, gone: str) -> dict[str, int]:
    """Return the frames of those that stay so that the timeline starts at 0, if the first of several goes."""
    if next(iter(links.positions), None) != gone:
        return {}
    stay = {id_: frame for id_, frame in links.positions.items() if id_ != gone}
    first = min(stay.values(), default=0)
    return apart({id_: frame - first for id_, frame in stay.items()})


def _placed(links: Links, ids: tuple[str, ...]) -> list[str]:
    found = links.all_known(ids)
    if off := [id_ for id_ in found if id_ not in links.positions]:
        raise InvalidChangeError(f"Off the timeline: {', '.join(off)}; place these links first.")
    return found


def _at(links: Links, id_: str, frame: int) -> dict[str, int]:
    known = links.known(id_)
    target = as_number(frame, f"The frame of {known}", 0)
    return {known: unique_frame(target, links.others([known]))}
