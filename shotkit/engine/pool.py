"""A pool that hands out only connections that live, that are idle, and that are this process's own."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import pq

from shotkit.engine.session import alive
from shotkit.errors import ConfigurationError, CouldNotCompleteError

__all__ = ["Pool"]

IDLE, MORE = 4, 12  # connections kept while idle, and more in a rush
PATIENCE = 30.0  # seconds to wait for one of them

_Connection = psycopg.Connection[Any]


class Pool:
    """Connections made by `connect` and reused, the one used last first: its server process is warm."""

    def __init__(self, connect: Callable[[], _Connection]) -> None:
        self._connect = connect
        self._closed = False
        self._inherited: list[_Connection] = []
        self._begin()

    @contextmanager
    def connection(self) -> Iterator[_Connection]:
        """Lend a connection; a broken or busy one is not taken back, an open transaction is rolled back."""
        connection = self._lent()
        try:
            yield connection
        finally:
            reusable = False
            try:
                reusable = _rolled_back(connection)
            finally:  # interrupted, too
                self._take_back(connection, reusable=reusable)

    def close(self) -> None:
        """Close the idle connections, the others when they are given back; lend no more."""
        self._closed = True
        self._leave_to_the_parent()
        while idle := self._pop():
            idle.close()

    def check_open(self) -> None:
        """Refuse what is asked after the end."""
        if self._closed:
            raise ConfigurationError("This kit is closed; connect again with shotkit.connect().")

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._idle: list[_Connection] = []
        self._free = threading.Semaphore(IDLE + MORE)

    def _lent(self) -> _Connection:
        self.check_open()
        self._leave_to_the_parent()
        if not self._free.acquire(timeout=PATIENCE):
            raise CouldNotCompleteError(
                f"All {IDLE + MORE} connections were busy for {PATIENCE:.0f} s; run fewer at once."
            )
        try:
            while idle := self._pop():
                if alive(idle):
                    return idle
                idle.close()
            return self._connect()
        except BaseException:
            self._free.release()
            raise

    def _take_back(self, connection: _Connection, *, reusable: bool) -> None:
        try:
            if reusable and not self._closed and len(self._idle) < IDLE:
                self._idle.append(connection)
            else:
                connection.close()
        finally:
            self._free.release()

    def _pop(self) -> _Connection | None:
        try:
            return self._idle.pop()
        except IndexError:  # asked of the list itself, which another thread may empty in between
            return None

    def _leave_to_the_parent(self) -> None:
        if self._owner != os.getpid():
            # After a fork the sockets are the parent's; kept, not closed, lest its sessions end.
            self._inherited += self._idle
            self._begin()


def _rolled_back(connection: _Connection) -> bool:
    """Roll back what was left open; return whether another may borrow the connection."""
    status = connection.info.transaction_status
    in_pipeline = connection.info.pipeline_status != pq.PipelineStatus.OFF
    if connection.closed or in_pipeline or status == pq.TransactionStatus.ACTIVE:
        return False
    try:
        connection.rollback()  # without a round trip where nothing is open
    except psycopg.Error:
        return False
    return True
