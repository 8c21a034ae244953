"""The frames of a broken timeline, out of the JSON texts of findings, and their places on a ruler."""

import json
from dataclasses import dataclass
from typing import Any

__all__ = ["Lane", "Ruler", "lane"]

MOST = 200  # frames of a lane that are drawn
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Lane:
    """The frames of one generation in one shot: those on the timeline, how many are off it, how many more."""

    placed: tuple[int, ...]
    unplaced: int
    left_out: int = 0


@dataclass(frozen=True)
class Ruler:
    """A scale from frames to pixels."""

    first: int
    last: int
    start: float
    width: float

    def x(self, frame: int) -> float:
        """Return the place of a frame."""
        return round(self.start + (frame - self.first) / max(1, self.last - self.first) * self.width, 1)

    def ticks(self) -> list[int]:
        """Return round frames, six or so."""
        span, size = max(1, self.last - self.first), 1
        while not any(step * size * 6 >= span for step in _STEPS):
            size *= 10
        every = next(step * size for step in _STEPS if step * size * 6 >= span)
        return list(range(-(-self.first // every) * every, self.last + 1, every))


def lane(text: str | None) -> Lane | None:
    """Return the frames that a JSON text holds, None where it holds something else."""
    if text is None:
        return Lane((), 0)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None  # Cut where a token was, or nested too deep for a list of frames.
    found = value if isinstance(value, list) else [value]
    if not all(frame is None or _is_frame(frame) for frame in found):
        return None
    placed = sorted(int(frame) for frame in found if frame is not None)
    return Lane(tuple(placed[:MOST]), found.count(None), max(0, len(placed) - MOST))


def _is_frame(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < 2**32 and value == int(value)
