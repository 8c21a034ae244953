"""Turns cells of JSON text into Python values, all with one parse; a hostile cell spoils only itself."""

import json
from collections.abc import Sequence
from typing import Any

from shotkit.model import cell_frames

__all__ = ["expanded", "parsed"]


def parsed(cells: Sequence[str]) -> list[Any]:
    """Return the values of `cells`, numbers as floats; None for one that is nested too deep to read."""
    try:
        # As floats: Python refuses integers of more than 4,300 digits, PostgreSQL stores them.
        return list(json.loads(f"[{','.join(cells)}]", parse_int=float))
    except RecursionError:
        return [_alone(cell) for cell in cells]


def expanded(cells: Sequence[str]) -> tuple[list[int], list[int | None]]:
    """Return for each frame of each shot_data cell the cell's number, and the frame."""
    frames = [cell_frames(cell) for cell in parsed(cells)]
    places = [place for place, found in enumerate(frames) for _ in found]
    return places, [frame for found in frames for frame in found]


def _alone(cell: str) -> Any:
    try:
        return json.loads(cell, parse_int=float)
    except RecursionError:
        return None
