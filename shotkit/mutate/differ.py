"""How the links of a shot differ from those that a caller saw, in words."""

from collections.abc import Mapping

__all__ = ["difference"]

_NAMED = 3  # links that are named; the error carries all


def difference(seen: Mapping[str, int | None], found: Mapping[str, int | None]) -> str:
    """Count the links that are new, gone, and at another frame, and name the first of them."""
    gone, new = seen.keys() - found.keys(), found.keys() - seen.keys()
    moved = {id_ for id_, frame in seen.items() if id_ in found and found[id_] != frame}
    others = gone | new | moved
    differ = [id_ for id_ in dict.fromkeys((*found, *seen)) if id_ in others]
    named = [f"{id_} was {_place(id_, seen)}, is {_place(id_, found)}" for id_ in differ[:_NAMED]]
    more = [f"and {len(differ) - _NAMED} more"] if len(differ) > _NAMED else []
    counts = f"{len(new)} links are new, {len(gone)} gone, {len(moved)} at another frame"
    return f"{counts} ({'; '.join(named + more)})"


def _place(link_id: str, frames: Mapping[str, int | None]) -> str:
    if link_id not in frames:
        return "not there"
    frame = frames[link_id]
    return "off the timeline" if frame is None else f"at {frame}"
