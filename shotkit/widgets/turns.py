"""Who tells the pages what is new: one thread at a time, and a request's own news go into its reply."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Turns"]


class Turns:
    """Calls `tell` after news came, from whatever thread; whoever tells sees to what comes meanwhile."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._telling = threading.Lock()
        self._wanted = False
        self._held = 0

    def wanted(self) -> None:
        """Say that there are news."""
        self._wanted = True
        if not self._held:
            self._run()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold news back until the end, when those that are not in a reply are told."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                self._run()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Read and tell what is new, undisturbed by other threads."""
        with self._telling:
            self._wanted = False
            yield

    def _run(self) -> None:
        # Asked again after each turn: what came meanwhile found the lock taken and went away.
        while self._wanted and self._telling.acquire(blocking=False):
            try:
                self._wanted = False
                self._tell()
            finally:
                self._telling.release()
