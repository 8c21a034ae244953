"""Runs a driver's calls on a thread of their own, so that Ctrl-C reaches whoever waits for them.

A driver that waits on the main thread either does not hear of it, takes it for itself, or ends late: DuckDB
ends with whichever of its threads has the longest way to go, unless it is told to stop.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import Self, TypeVar

from shotkit.errors import ShotkitError

__all__ = ["Aside", "result"]

_PAUSE = 0.2  # seconds
_PATIENCE = 10.0  # seconds in which further presses of Ctrl-C change nothing: it is ending already

_Result = TypeVar("_Result")


class Aside:
    """A thread for calls that `cancel` ends; leaving early cancels what runs there, and waits for its end."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._cancel = cancel
        self._thread = ThreadPoolExecutor(1)
        self._turn = Lock()
        self._left = False

    def __enter__(self) -> Self:
        return self

    def start(self, call: "Callable[..., _Result]", *given: object) -> "Future[_Result]":
        """Run a call behind those before it."""
        return self._thread.submit(self._run, call, *given)

    def run(self, call: "Callable[..., _Result]", *given: object) -> _Result:
        """Run a call and wait for it."""
        return result(self.start(call, *given))

    def __exit__(self, *_: object) -> None:
        self._left = True  # what has not begun does not
        patient = monotonic() + _PATIENCE
        while self._turn.locked():
            try:
                self._end()
            except KeyboardInterrupt:
                if monotonic() > patient:
                    raise
        self._thread.shutdown(cancel_futures=True)

    def _run(self, call: "Callable[..., _Result]", *given: object) -> _Result:
        with self._turn:
            if self._left:
                raise RuntimeError("Nobody waits for it any more.")
            return call(*given)

    def _end(self) -> None:
        with suppress(ShotkitError):  # a server that cannot be reached: the call ends by that, too
            self._cancel()
        if self._turn.acquire(timeout=_PAUSE):  # else again: it came before the server had begun
            self._turn.release()


def result(running: "Future[_Result]") -> _Result:
    """Wait for what runs on another thread.

    In short steps: a signal that another thread of the process has taken does not end a wait.
    """
    while not wait([running], timeout=_PAUSE).done:
        pass
    return running.result()
