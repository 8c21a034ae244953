"""Fits a table to a terminal: the columns that say most, ids whole, texts cut where there is no room."""

import re
from collections.abc import Mapping, Sequence

__all__ = ["GAP", "fitted"]

GAP = 3  # characters between two columns
_LEAST = 12  # characters of a text that is cut
_LEAST_OF_A_NAME = 24  # as commands take it in the place of an id
_FIRST = ("name", "id", "timeline_frame", "positioned", "links", "type")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def fitted(columns: Mapping[str, Sequence[str]], whole: set[str], width: int) -> dict[str, int]:
    """Return the columns that fit into `width` characters, in their order, with the width of each.

    `columns` has the cells of each as they would stand there; those named in `whole`, and ids, are shown
    whole or not at all, other texts may be cut.
    """
    natural = {name: max(map(_cells, (name, *cells))) for name, cells in columns.items()}
    whole = whole | {name for name, cells in columns.items() if any(map(_ID.match, cells))}
    least = {
        name: wide if name in whole else min(wide, max(_least(name), len(name)))
        for name, wide in natural.items()
    }
    if sum(natural.values()) + GAP * len(natural) <= width:
        return natural
    shown: dict[str, int] = {}
    for name in sorted(columns, key=_rank):
        if sum(shown.values()) + least[name] + GAP * (len(shown) + 1) <= width:
            shown[name] = least[name]
    shown = shown or {min(columns, key=_rank): width - GAP}
    spare = width - sum(shown.values()) - GAP * len(shown)
    for name in shown:
        more = min(spare, natural[name] - shown[name])
        shown[name] += max(more, 0)
        spare -= max(more, 0)
    return {name: shown[name] for name in columns if name in shown}


def _least(name: str) -> int:
    return _LEAST_OF_A_NAME if name == "name" else _LEAST


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _cells(text: str) -> int:
    """Return how many characters of a terminal a text takes: some take two."""
    from rich.cells import cell_len  # noqa: PLC0415  --help must not wait for rich

    return cell_len(text)
