"""What is watched, for as long as somebody holds on to the Watch that says so."""

import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakSet

from shotkit.realtime.changes import Changed
from shotkit.realtime.messages import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EVERY_PROJECT", "Watch", "Watches"]


EVERY_PROJECT = "00000000-0000-0000-0000-000000000000"


class Watch:
    """One shot's links, one generation's variants, one project's shots or gallery, watched until `stop()`.

    It is held weakly: keep it for as long as the changes are wanted.
    """

    def __init__(self, table: str, id_: str, stop: "Callable[[Watch], None]") -> None:
        self.table = table
        self.id = id_
        self._stop = stop

    def stop(self) -> None:
        """Watch no longer; a second time does nothing."""
        self._stop(self)

    def __repr__(self) -> str:
        return f"<Watch {TOPICS[self.table]} {self.id}>"


class Watches:
    """All that is watched; for any thread."""

    def __init__(self) -> None:
        self._watches: WeakSet[Watch] = WeakSet()
        self._lock = threading.Lock()

    def add(self, watch: Watch) -> None:
        """Begin with one more; several may be of one id."""
        with self._lock:
            self._watches.add(watch)

    def remove(self, watch: Watch) -> None:
        """End this one."""
        with self._lock:
            self._watches.discard(watch)

    def clear(self) -> None:
        """End all."""
        with self._lock:
            self._watches.clear()

    def ids(self, table: str) -> tuple[str, ...]:
        """Return what is watched of `table`, each id once, in order."""
        with self._lock:
            return tuple(sorted({watch.id for watch in self._watches if watch.table == table}))

    def wanted(self, changed: Changed) -> Changed | None:
        """Return what is watched of a change, None if nothing is.

        Who watches a shot is told of every generation's variants: which of them the shot holds is known where
        its rows are. Who watches a gallery is told of everything, for the same reason.
        """
        of_shots = changed.table == "generation_variants" and self.ids("shot_generations")
        if changed.ids and (of_shots or self.ids("generations")):
            return changed
        watched = set(self.ids(changed.table))
        ids = tuple(id_ for id_ in changed.ids if id_ in watched)
        return replace(changed, ids=ids) if ids else None

    def __len__(self) -> int:
        with self._lock:
            return len({(watch.table, watch.id) for watch in self._watches})
