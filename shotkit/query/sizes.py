"""An estimate of the bytes that data hold, without knowing the libraries they come from."""

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

__all__ = ["estimated_bytes"]


def estimated_bytes(data: Any) -> int:
    """Return about how many bytes `data` hold: by `nbytes`, `memory_usage()`, or adding up what is inside."""
    total, seen, left = 0, set[int](), [data]
    while left:
        part = left.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        told = _told(part)
        total += sys.getsizeof(part, 0) if told is None else told
        left += _inside(part) if told is None else []
    return total


def _told(data: Any) -> int | None:
    """Ask an array, a table or a frame itself; a class is no frame, whatever its attributes."""
    if isinstance(data, type):
        return None
    nbytes = getattr(data, "nbytes", None)
    if isinstance(nbytes, int):
        return nbytes
    usage = getattr(data, "memory_usage", None)
    if not callable(usage):
        return None
    used = usage()
    return int(used.sum() if hasattr(used, "sum") else used)


def _inside(data: Any) -> list[Any]:
    if isinstance(data, Mapping):
        return [*data.keys(), *data.values()]
    if isinstance(data, (list, tuple, set, frozenset)):
        return list(data)
    if is_dataclass(data) and not isinstance(data, type):
        return [getattr(data, field.name) for field in fields(data)]
    return []
