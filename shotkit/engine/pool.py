"""A pool that hands out only connections that live, that are idle, and that are this process's own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import pq
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from shotkit.engine.session import alive
from shotkit.errors import ConfigurationError, ConnectionLostError, CouldNotCompleteError

__all__ = ["Pool"]

IDLE, MORE = 4, 12  # connections kept while idle, and more in a rush
PATIENCE = 30.0  # seconds to wait for one of them

_Connection = psycopg.Connection[Any]


class Pool:
    """Connections made by `connect` and reused."""

    def __init__(self, connect: Callable[[], _Connection]) -> None:
        # SQLAlchemy types what it pools by the DB-API's protocol, which psycopg's classes do not spell.
        # The one used last comes first: its server process is warm, and has statements prepared.
        self._pool = QueuePool(
            cast("Any", connect),
            pool_size=IDLE,
            max_overflow=MORE,
            timeout=PATIENCE,
            reset_on_return=None,
            use_lifo=True,
        )
        self._owner = os.getpid()
        self._inherited: QueuePool | None = None
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[_Connection]:
        """Lend a connection; a broken or busy one is not taken back, an open transaction is rolled back."""
        lease = self._lease()
        connection = cast("_Connection", lease.dbapi_connection)
        try:
            yield connection
        finally:
            reusable = False
            try:
                reusable = _rolled_back(connection)
            finally:  # interrupted, too
                if not reusable:
                    lease.invalidate()
                lease.close()

    def close(self) -> None:
        """Close the idle connections, the others when they are given back; lend no more."""
        self._closed = True
        self._own().dispose()

    def check_open(self) -> None:
        """Refuse what is asked after the end."""
        if self._closed:
            raise ConfigurationError("This kit is closed; connect again with shotkit.connect().")

    def _lease(self) -> PoolProxiedConnection:
        self.check_open()
        for _ in range(IDLE + 1):  # so many may have died while idle; the next one is new
            try:
                lease = self._own().connect()
            except NoneFreeError:
                raise CouldNotCompleteError(
                    f"All {IDLE + MORE} connections were busy for {PATIENCE:.0f} s; run fewer at once."
                ) from None
            if alive(cast("_Connection", lease.dbapi_connection)):
                return lease
            lease.invalidate()
        raise ConnectionLostError

    def _own(self) -> QueuePool:
        if self._owner != os.getpid():
            # After a fork the sockets are the parent's; kept, not closed, lest its sessions end.
            self._inherited, self._pool, self._owner = self._pool, self._pool.recreate(), os.getpid()
        return self._pool


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
