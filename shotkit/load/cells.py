"""Turns cells of JSON text into Python values, all with one parse; a hostile cell spoils only itself."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shotkit.model import cell_frames

__all__ = ["expanded", "parsed"]

_LARGEST = 10**15  # what is below is exact, whoever reads it
_LIST = r"^\[(?:(?:null|-?[0-9]{1,15})(?:, (?:null|-?[0-9]{1,15}))*)\]\z"  # as jsonb writes one


def parsed(cells: Sequence[str]) -> list[Any]:
    """Return the values of `cells`, numbers as floats; None for one that is nested too deep to read."""
    try:
        # As floats: Python refuses integers of more than 4,300 digits, PostgreSQL stores them.
        return list(json.loads(f"[{','.join(cells)}]", parse_int=float))
    except RecursionError:
        return [_alone(cell) for cell in cells]


def expanded(cells: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Return for each frame of each shot_data cell the cell's number, and the frame, both int64."""
    if (singles := _singles(cells)) is not None:
        return singles
    if pc.all(pc.match_substring_regex(cells, _LIST)).as_py():
        return _lists(cells)
    frames = [cell_frames(cell) for cell in parsed(cells.to_pylist())]
    places = [place for place, found in enumerate(frames) for _ in found]
    return pa.array(places, pa.int64()), pa.array([each for found in frames for each in found], pa.int64())


def _singles(cells: pa.ChunkedArray) -> tuple[pa.Array, pa.Array] | None:
    """Do the same for lists of one whole number each, which is what most are; None where one is not."""
    if not pc.all(pc.starts_with(cells, "[")).as_py():
        return None
    inside = pc.utf8_slice_codeunits(cells, 1, -1).combine_chunks()
    try:
        frames = pc.cast(pc.if_else(pc.equal(inside, "null"), None, inside), pa.int64())
    except pa.ArrowInvalid:
        return None
    ends = pc.min_max(frames).as_py()
    exact = ends["min"] is None or -_LARGEST < ends["min"] <= ends["max"] < _LARGEST
    return (pa.array(np.arange(len(cells))), frames) if exact else None


def _lists(cells: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Do the same for lists of whole numbers and nulls alone, a column at a time."""
    inside = pc.utf8_slice_codeunits(cells.combine_chunks(), 1, -1)
    elements = pc.split_pattern(inside, ", ")
    texts = pc.list_flatten(elements)
    frames = pc.cast(pc.if_else(pc.equal(texts, "null"), None, texts), pa.int64())
    return pc.list_parent_indices(elements), frames


def _alone(cell: str) -> Any:
    try:
        return json.loads(cell, parse_int=float)
    except RecursionError:
        return None
