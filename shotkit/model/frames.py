"""Where an image goes on the timeline: frames are whole and >= 0, halves round up."""

import math
from collections.abc import Iterable, Sequence
from itertools import chain, count, pairwise
from numbers import Integral

from shotkit.errors import InvalidChangeError

__all__ = [
    "DEFAULT_SPACING",
    "average_spacing",
    "duplicate_frame",
    "frame_for_index",
    "free_shift",
    "is_position",
    "next_frame",
    "normalize",
    "quantize_count",
    "quantize_gap",
    "unique_frame",
]

DEFAULT_SPACING = 81  # frames between two images, and the largest gap
_MINIMUM_SPACING = 10
_DUPLICATE_OFFSET = 30
_STRIDE = 4  # the video models make 4N + 1 frames
_SMALLEST_GAP = 5


def average_spacing(frames: Iterable[float], default: int = DEFAULT_SPACING) -> int:
    """Return the mean gap between `frames`, rounded, within 10 .. `default`; `default` for fewer than two."""
    known = list(frames)
    if len(known) < 2:  # noqa: PLR2004  a gap has two ends
        return default
    mean = (max(known) - min(known)) / (len(known) - 1)
    return min(default, max(_MINIMUM_SPACING, _rounded(mean)))


def unique_frame(target: float, used: Iterable[int], step: int = 1) -> int:
    """Return the free frame nearest to `target`: itself, then +1, -1, +1 + step, -(1 + step), ..."""
    if step < 1:
        raise InvalidChangeError(f"The step between tried frames must be at least 1, found {step}.")
    start, taken = max(0, _rounded(target)), set(used)
    if start not in taken:
        return start
    tried = (frame for offset in count(1, step) for frame in (start + offset, start - offset))
    return next(frame for frame in tried if frame >= 0 and frame not in taken)


def free_shift(frames: Iterable[int], delta: int, used: Iterable[int]) -> int:
    """Return the shift nearest to `delta` by which all `frames` alike go to free ones >= 0."""
    held, taken = list(frames), set(used)
    least = -min(held)
    tried = chain((delta,), (delta + sign * offset for offset in count(1) for sign in (1, -1)))
    return next(by for by in tried if by >= least and taken.isdisjoint(frame + by for frame in held))


def frame_for_index(index: int, frames: Iterable[int], spacing: int | None = None) -> int:
    """Return a free frame for an image inserted as number `index` among `frames`.

    `spacing` is the distance to the last frame beyond the end, the average spacing unless given.
    """
    if index < 0:
        raise InvalidChangeError(f"An index on the timeline starts at 0, found {index}.")
    ordered = sorted(frames)
    if not ordered:
        return 0
    if index == 0:
        return unique_frame(ordered[0] // 2, ordered)
    if index >= len(ordered):
        return unique_frame(next_frame(ordered, spacing), ordered)
    return unique_frame((ordered[index - 1] + ordered[index]) // 2, ordered)


def next_frame(frames: Iterable[int], spacing: int | None = None) -> int:
    """Return the frame `spacing` (the average unless given) behind the last one, 0 when there is none."""
    known = list(frames)
    if not known:
        return 0
    return max(known) + (average_spacing(known) if spacing is None else spacing)


def duplicate_frame(current: int, following: int | None = None, used: Iterable[int] = ()) -> int:
    """Return a free frame for a copy: the floored middle of `current` and `following`, else 30 behind."""
    target = current + _DUPLICATE_OFFSET if following is None else (current + following) // 2
    return unique_frame(target, used)


def normalize(frames: Sequence[int], max_gap: int = DEFAULT_SPACING) -> list[int]:
    """Return `frames`, each in its place, with the smallest moved to 0 and no gap above `max_gap`."""
    if max_gap < 1:
        raise InvalidChangeError(f"The largest gap must be at least 1 frame, found {max_gap}.")
    ordered = sorted(frames)
    moved = dict.fromkeys(ordered[:1], 0)
    for before, frame in pairwise(ordered):
        moved[frame] = moved[before] + min(frame - before, max_gap)
    return [moved[frame] for frame in frames]


def quantize_count(n: float, minimum: float = 1) -> int:
    """Return the number of frames of the form 4N + 1 nearest to `n` (halves up), at least `minimum`."""
    nearest = _rounded((n - 1) / _STRIDE)
    least = math.ceil((minimum - 1) / _STRIDE)
    return _STRIDE * max(nearest, least, 0) + 1


def quantize_gap(n: float) -> int:
    """Return the gap of the form 4N + 1 nearest to `n` (halves up), at least 5."""
    return quantize_count(n, minimum=_SMALLEST_GAP)


def is_position(frame: object) -> bool:
    """Return whether `frame` is a place on the timeline: whole and >= 0 (a -1 in the table is corruption)."""
    if type(frame) is int:  # nearly always, and quicker than asking numbers.Integral
        return frame >= 0
    return not isinstance(frame, bool) and isinstance(frame, Integral) and int(frame) >= 0


def _rounded(value: float) -> int:
    if not math.isfinite(value):
        raise InvalidChangeError(f"A frame is a whole number, found {value}.")
    return math.floor(value + 0.5)
