"""The frames that a drag on the timeline leads to: the dragged go between their new neighbours."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from shotkit.errors import InvalidChangeError
from shotkit.model.frames import DEFAULT_SPACING, average_spacing, is_position

__all__ = ["midpoint_moves"]


def midpoint_moves(
    order: Sequence[str], frames: Mapping[str, int | None], dragged: Collection[str]
) -> dict[str, int]:
    """Return the ids whose frame changes, with their new frames.

    `order` has the ids in the new order, `frames` the old frames by id (None off the timeline), `dragged` the
    moved ids. Frames come out distinct and in that order; without room, neighbours are pushed right.
    """
    _check(order, frames, dragged)
    new = {id_: frame for id_ in order if id_ not in dragged and (frame := frames[id_]) is not None}
    spacing = average_spacing([frame for frame in frames.values() if frame is not None])
    for start, stop in _runs(order, dragged):
        new |= _placed(order, new, start, stop, spacing)
    return {id_: frame for id_, frame in _apart(order, new) if frame != frames.get(id_)}


def _placed(
    order: Sequence[str], new: Mapping[str, int], start: int, stop: int, spacing: int
) -> dict[str, int]:
    """Return the frames of the dragged `order[start:stop]`, and of the successor displaced at the start."""
    run, size = order[start:stop], stop - start
    if start == 0 and stop == len(order):
        return {id_: spacing * i for i, id_ in enumerate(run)}
    if start == 0:
        end = _displaced(order, new, stop)
        return {order[stop]: end} | {id_: end * i // size for i, id_ in enumerate(run)}
    before = new[order[start - 1]]
    if stop == len(order):
        return {id_: before + spacing * (i + 1) for i, id_ in enumerate(run)}
    gap = new[order[stop]] - before
    return {id_: before + gap * (i + 1) // (size + 1) for i, id_ in enumerate(run)}


def _displaced(order: Sequence[str], new: Mapping[str, int], successor: int) -> int:
    behind = next((new[id_] for id_ in order[successor + 1 :] if id_ in new), None)
    return max(DEFAULT_SPACING, new[order[successor]]) if behind is None else behind // 2


def _apart(order: Sequence[str], new: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    previous = -1
    for id_ in order:
        previous = max(new[id_], previous + 1)
        yield id_, previous


def _runs(order: Sequence[str], dragged: Collection[str]) -> Iterator[tuple[int, int]]:
    moved = [False, *(id_ in dragged for id_ in order), False]
    edges = [i for i, (left, right) in enumerate(pairwise(moved)) if left != right]
    yield from zip(edges[::2], edges[1::2], strict=True)


def _check(order: Sequence[str], frames: Mapping[str, int | None], dragged: Collection[str]) -> None:
    known = set(order)
    if len(known) != len(order):
        raise InvalidChangeError(f"The new order names an id twice: {list(order)}.")
    if unknown := set(dragged) - known:
        raise InvalidChangeError(f"Dragged, but not in the new order: {sorted(unknown)}.")
    if left_out := {id_ for id_, frame in frames.items() if frame is not None} - known:
        raise InvalidChangeError(f"On the timeline, but not in the new order: {sorted(left_out)}.")
    for id_ in order:
        frame = frames.get(id_)
        if not (is_position(frame) or (frame is None and id_ in dragged)):
            raise InvalidChangeError(f"The frame of {id_} must be a whole number >= 0, found {frame!r}.")
