"""Several sessions at once, interleaved by the server's own locks and never by the clock."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg


class Sessions:
    """Sessions of one database; what a session runs in the background is seen to wait, or to be done."""

    def __init__(self, conninfo: str, stack: ExitStack) -> None:
        self._conninfo, self._stack = conninfo, stack
        self._threads = stack.enter_context(ThreadPoolExecutor(16))
        self._observer = self.open(autocommit=True)

    def open(self, *, autocommit: bool = False) -> psycopg.Connection:
        return self._stack.enter_context(psycopg.connect(self._conninfo, autocommit=autocommit))

    def background(self, session: psycopg.Connection, *statement: Any) -> Future[Any]:
        """Start a statement elsewhere; return once it waits for another session, or is done."""
        future = self._threads.submit(session.execute, *statement)
        while not future.done() and not self._waits(session):
            pass
        return future

    def all_at_once(self, work: Callable[[int], Any], count: int) -> list[Any]:
        """Run `work(0)` to `work(count - 1)` at once; raise what any of them raised."""
        return [future.result() for future in [self._threads.submit(work, n) for n in range(count)]]

    def _waits(self, session: psycopg.Connection) -> bool:
        [blockers] = self._observer.execute(
            "select cardinality(pg_blocking_pids(%s))", [session.info.backend_pid]
        ).fetchone()
        return blockers > 0


@contextmanager
def sessions_of(conninfo: str) -> Iterator[Sessions]:
    with ExitStack() as stack:
        yield Sessions(conninfo, stack)
