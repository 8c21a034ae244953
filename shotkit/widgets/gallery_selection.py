"""Which generations are selected: by id, so that another filter or order changes nothing of it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from shotkit.errors import InvalidChangeError

__all__ = ["Mode", "Selection"]

Mode = Literal["only", "add", "remove", "toggle"]


class Selection:
    """Ids in the order in which they were selected."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> list[str]:
        """The ids, as a list of the caller's own."""
        return list(self._ids)

    def put(self, mode: Mode, ids: Iterable[str]) -> None:
        """Select `only` these, `add` or `remove` them, or `toggle` each of them."""
        if mode not in {"only", "add", "remove", "toggle"}:
            raise InvalidChangeError(f"A selection is only, add, remove or toggle; found {str(mode)[:20]!r}.")
        asked = dict.fromkeys(ids)
        kept = {} if mode == "only" else {id_: None for id_ in self._ids if mode == "add" or id_ not in asked}
        new = {id_: None for id_ in asked if mode in {"only", "add"} or id_ not in self._ids}
        self._ids = kept if mode == "remove" else kept | new

    def ranges(self, order: Sequence[str]) -> list[list[int]]:
        """Return the places that are selected in an order, as [first, last] of each run of neighbours."""
        places = [place for place, id_ in enumerate(order) if id_ in self._ids]
        # Neighbours have the same distance to their number among the selected.
        runs = (list(run) for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]))
        return [[run[0][1], run[-1][1]] for run in runs]
