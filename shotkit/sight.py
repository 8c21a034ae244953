"""What a handle showed last, which its changes are held against; they follow each other, one at a time."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Sight"]

_Shown = TypeVar("_Shown")


class Sight(Generic[_Shown]):
    """What one handle showed; threads may share it.

    `turn` is held from the look at `shown` to the change's end, so that the next one begins on what it left.
    """

    def __init__(self) -> None:
        self.turn = threading.RLock()
        self.shown: _Shown | None = None
        self._lock = threading.Lock()
        self._changes = 0

    def look(self) -> Callable[[_Shown], None]:
        """Return what notes rows that are read from now on as shown, unless a change comes in between."""
        changes = self._changes

        def show(rows: _Shown) -> None:
            with self._lock:
                if changes == self._changes:
                    self.shown = rows

        return show

    def left(self, rows: _Shown) -> None:
        """Note what a change of this handle left."""
        with self._lock:
            self._changes += 1
            self.shown = rows

    def follow(self, before: _Shown, after: _Shown) -> None:
        """Note what another's change left, if what it found was shown."""
        with self._lock:
            if self.shown is not None and self.shown == before:
                self._changes += 1
                self.shown = after
