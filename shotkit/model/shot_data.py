"""The shapes of generations.shot_data: a list of frames a shot, a single frame in the older era, or worse."""

import math
from collections.abc import Mapping

__all__ = ["cell_frames", "expand_shot_data"]

_LARGEST = 2**53  # beyond it a JSON number is not exact, and no timeline is that long


def expand_shot_data(shot_data: object) -> list[list[str | int | None]]:
    """Return one [shot id, frame or None] for each entry of `shot_data`; none where it is no object."""
    if not isinstance(shot_data, Mapping):
        return []
    return [[shot, frame] for shot, cell in shot_data.items() for frame in cell_frames(cell)]


def cell_frames(cell: object) -> list[int | None]:
    """Return one frame for each element of a list, else one for the value; None for what is no frame."""
    return [_frame(element) for element in cell] if isinstance(cell, list) else [_frame(cell)]


def _frame(element: object) -> int | None:
    if isinstance(element, bool) or not isinstance(element, int | float):
        return None
    if not -_LARGEST < element < _LARGEST or element != math.floor(element):
        return None
    return int(element)
