"""What goes over the wire to a page: records that JSON can hold, and errors without secrets."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import numpy as np
import pandas as pd

from shotkit.errors import StaleShotError
from shotkit.secret import cleaned

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Reply", "error_record", "records", "wire"]

_EXACT = 2**53  # JavaScript's numbers are whole and exact below it
_MOST_DIFFERING = 12  # links told of: a page shows both orders where they differ, not all of them
_NAMES = {"name", "project"}  # which a page shows, and a saved notebook keeps
_LONGEST = 600  # characters of an error's message
_QUERY = re.compile(r"(?<=[^\s?])\?[^\s'\"<>)\]]*=[^\s'\"<>)\]]*")
_PASSWORD = re.compile(r"(?<=://)[^\s/@]*:[^\s/@]*@")


class Reply(NamedTuple):
    """The answer to a request: what JSON holds of it, and the bytes that travel beside it."""

    content: Mapping[str, Any]
    buffers: list[bytes]


def records(rows: "pa.Table | pd.DataFrame", columns: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows as dicts for the wire, of `columns` or of all; names without secrets."""
    names = list(rows.columns if isinstance(rows, pd.DataFrame) else rows.schema.names)
    names = names if columns is None else list(columns)
    values = [_column(rows, name) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _column(rows: "pa.Table | pd.DataFrame", name: str) -> list[Any]:
    values = rows[name].tolist() if isinstance(rows, pd.DataFrame) else rows[name].to_pylist()
    told = [wire(value) for value in values]
    if name not in _NAMES:
        return told
    return [cleaned(value) if isinstance(value, str) else value for value in told]


def wire(value: Any) -> Any:
    """Return what JSON can hold: missing and not finite as None, UUIDs, moments and decimals as text.

    A whole number too large for a page to hold exactly is text; anything unknown is a TypeError.
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    for kinds, told in _TOLD:
        if isinstance(value, kinds):
            return told(value)
    raise TypeError(f"A page cannot be told a {type(value).__name__}; send text, numbers, lists or dicts.")


def error_record(error: BaseException) -> dict[str, Any]:
    """Return an error's kind and its words, cut short, without passwords and query strings of addresses.

    Of a stale shot also the links that differ: `seen` and `found` are frames, absent where there was no link.
    """
    words = _QUERY.sub("", _PASSWORD.sub("***@", str(error))).strip()
    if len(words) > _LONGEST:
        words = words[:_LONGEST] + " …"
    told = {"kind": type(error).__name__, "message": wire(words or type(error).__name__)}
    return told | (_differing(error) if isinstance(error, StaleShotError) else {})


def _differing(error: StaleShotError) -> dict[str, Any]:
    absent = object()
    both = {
        id_: (error.seen.get(id_, absent), error.found.get(id_, absent)) for id_ in error.seen | error.found
    }
    differ = [(id_, seen, found) for id_, (seen, found) in both.items() if seen != found]
    told = [
        {
            "id": id_,
            **({} if seen is absent else {"seen": seen}),
            **({} if found is absent else {"found": found}),
        }
        for id_, seen, found in differ[:_MOST_DIFFERING]
    ]
    return {"differ": told, "differing": len(differ)}


def _text(value: str) -> str:
    # Half of a surrogate pair would break the whole message.
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


# The first that fits: bool is an int, and a moment is a date.
_TOLD: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (str, _text),
    (bool, bool),
    (int, lambda value: value if abs(value) < _EXACT else str(value)),
    (float, lambda value: value if math.isfinite(value) else None),
    (date, lambda value: value.isoformat()),
    (UUID | Decimal, str),
    (Mapping, lambda value: {str(wire(key)): wire(inner) for key, inner in value.items()}),
    (list | tuple | set | frozenset, lambda value: [wire(inner) for inner in value]),
    (np.generic | np.ndarray, lambda value: wire(value.tolist())),
)
