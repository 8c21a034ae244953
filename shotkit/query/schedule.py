"""Time and threads of the client: a clock, timers and workers, none of them started before it is needed."""

import heapq
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Protocol, TypeVar

from shotkit.query.errors import ClientClosedError

__all__ = ["Scheduler", "ThreadScheduler"]

T = TypeVar("T")
_logger = logging.getLogger(__name__)


class Scheduler(Protocol):
    """What the client asks of the world; tests put a clock of their own in its place."""

    def now(self) -> float:
        """Return the time in seconds; it never goes back."""

    def run(self, work: Callable[[], T], land: Callable[[T], None]) -> None:
        """Call `land(work())` away from the caller; raise ClientClosedError after close()."""

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Call `act`, which is quick and never waits, after `delay` seconds; never after close()."""

    def close(self, *, wait: bool) -> None:
        """End timers and workers; with `wait`, when what is running has ended."""


class ThreadScheduler:
    """The scheduler of daily use: up to `workers` threads, and one for timers while there are any."""

    def __init__(self, workers: int = 16) -> None:
        self._workers = workers
        self._pool: ThreadPoolExecutor | None = None
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._timer: threading.Thread | None = None
        self._closed = False
        self._here = threading.local()

    def now(self) -> float:
        """Return the seconds of the monotonic clock."""
        return time.monotonic()

    def run(self, work: Callable[[], T], land: Callable[[T], None]) -> None:
        """Call `land(work())` on a worker."""
        with self._changed:
            if self._closed:
                raise ClientClosedError
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="query")
            with self._ending():
                self._pool.submit(self._job, work, land)
            if self._closed:
                raise ClientClosedError

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Call `act` on the timers' thread after `delay` seconds."""
        with self._changed:
            if self._closed:
                return
            heapq.heappush(self._timers, (self.now() + delay, next(self._numbers), act))
            if self._timer is None:
                timer = threading.Thread(target=self._keep_time, name="query-timers", daemon=True)
                with self._ending():
                    timer.start()
                    self._timer = timer
            self._changed.notify()

    def close(self, *, wait: bool) -> None:
        """Drop the timers and let the workers go; a worker that closes does not wait for itself."""
        with self._changed:
            self._closed = True
            self._timers.clear()
            self._changed.notify()
            pool, timer = self._pool, self._timer
        wait = wait and not getattr(self._here, "ours", False)
        if pool is not None:
            pool.shutdown(wait=wait)
        if timer is not None and wait:
            timer.join()

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """Close, where the interpreter is ending and begins no thread any more."""
        try:
            yield
        except RuntimeError as error:
            if "shutdown" not in str(error):  # as every Python says it, and says of no lack of threads
                raise
            self._closed = True
            self._timers.clear()

    def _job(self, work: Callable[[], T], land: Callable[[T], None]) -> None:
        self._here.ours = True
        try:
            land(work())
        except BaseException:
            # Answers and refusals travel in futures; what comes this far would vanish with the thread's job.
            _logger.exception("A worker of the query client failed.")
            raise

    def _keep_time(self) -> None:
        self._here.ours = True
        while act := self._next_due():
            act()

    def _next_due(self) -> Callable[[], None] | None:
        """Wait for the next timer; None when there are none left, and the thread may end."""
        with self._changed:
            while self._timers:
                left = self._timers[0][0] - self.now()
                if left <= 0:
                    return heapq.heappop(self._timers)[2]
                self._changed.wait(left)
            self._timer = None
            return None
