"""The kinds of faults that can be planted into shot_data: of each, where it fits and what it makes of a cell.

A cell is one key of a document with the list of its frames, ascending, None last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal
from uuid import UUID

__all__ = [
    "CELL_KINDS",
    "DOCUMENT_KINDS",
    "DROPPED",
    "KEY_KINDS",
    "VERDICTS",
    "CellKind",
    "DocumentKind",
    "KeyKind",
]

Frames = list[int | None]
# Those that fit the fewest cells first, so that `all` does not use these cells up for others.
VERDICTS = ("unordered", "legacy_shape", "different", "miscounted", "missing", "extra", "malformed")


DROPPED = object()  # what becomes of a cell whose key is dropped


@dataclass(frozen=True)
class CellKind:
    """A fault of an existing cell."""

    verdict: str
    name: str
    spoil: Callable[[Random, Frames], object]
    fits: Callable[[Frames], bool] = bool


@dataclass(frozen=True)
class KeyKind:
    """A fault that is a key too many: of a shot that is there, of none, or no uuid."""

    verdict: str
    name: str
    key: Literal["shot", "gone", "upper", "text"]
    cell: object


@dataclass(frozen=True)
class DocumentKind:
    """A fault of the whole document: it is no object."""

    verdict: str
    name: str
    document: object


def gone_shot(random: Random) -> str:
    """Return the id of a shot that does not exist."""
    return str(UUID(int=random.getrandbits(128), version=4))


def _ordered(frames: Frames) -> Frames:
    return sorted(frames, key=lambda frame: (frame is None, frame or 0))


def _replaced(frames: Frames, old: int | None, new: object) -> list[object]:
    spoilt: list[object] = list(frames)
    spoilt[frames.index(old)] = new
    return spoilt


def _moved(random: Random, frames: Frames) -> Frames:
    frame = random.choice([frame for frame in frames if frame is not None])
    others = list(frames)
    others.remove(frame)
    return _ordered([*others, frame - 1 if frame > 0 else frame + 1])


def _off_the_timeline(random: Random, frames: Frames) -> Frames:
    others = list(frames)
    others.remove(random.choice([frame for frame in frames if frame is not None]))
    return [*others, None]


def _onto_the_timeline(random: Random, frames: Frames) -> Frames:
    return _ordered([*frames[:-1], random.randrange(1_000)])


def _with(odd: object) -> Callable[[Random, Frames], object]:
    return lambda random, frames: _replaced(frames, random.choice(frames), odd)


def _placed(frames: Frames) -> bool:
    return any(frame is not None for frame in frames)


def _differ(frames: Frames) -> bool:
    return len(set(frames)) > 1


CELL_KINDS = (
    CellKind("unordered", "reversed", lambda _, frames: frames[::-1], _differ),
    CellKind("unordered", "first frame put last", lambda _, frames: [*frames[1:], frames[0]], _differ),
    CellKind("legacy_shape", "scalar", lambda _, frames: frames[0], lambda frames: len(frames) == 1),
    CellKind("different", "frame moved", _moved, _placed),
    CellKind("different", "frame off the timeline", _off_the_timeline, _placed),
    CellKind("different", "frame onto the timeline", _onto_the_timeline, lambda frames: None in frames),
    CellKind("miscounted", "frame doubled", lambda _, frames: [frames[0], *frames]),
    CellKind("miscounted", "frame lost", lambda _, frames: frames[:-1], lambda frames: len(frames) > 1),
    CellKind("missing", "key dropped", lambda _, __: DROPPED),
    CellKind("missing", "list emptied", lambda _, __: []),
    CellKind("malformed", "a text in the list", _with("12")),
    CellKind("malformed", "a truth value in the list", _with(odd=True)),
    CellKind("malformed", "a fraction in the list", _with(0.5)),
    CellKind("malformed", "an object in the list", _with({"frame": 0})),
    CellKind("malformed", "a list in the list", _with([0])),
    CellKind("malformed", "too great a number in the list", _with(2**31)),
    CellKind("malformed", "a text in place of the list", lambda _, __: "0"),
    CellKind("malformed", "an object in place of the list", lambda _, __: {"timeline_frame": 0}),
)
KEY_KINDS = (
    KeyKind("extra", "shot without link", "shot", [0]),
    KeyKind("extra", "shot that is gone", "gone", [0, None]),
    KeyKind("extra", "empty list of a shot without link", "shot", []),
    KeyKind("malformed", "key in upper case", "upper", [0]),
    KeyKind("malformed", "key that is no uuid", "text", [0]),
)
DOCUMENT_KINDS = (
    DocumentKind("malformed", "document is a list", [0]),
    DocumentKind("malformed", "document is a text", "{}"),
    DocumentKind("malformed", "document is a number", 0),
    DocumentKind("malformed", "document is null", None),
)
