"""A session of its own that hears what is sent by NOTIFY, and can be woken from another thread."""

import socket
import time
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import NamedTuple

from psycopg import pq, sql

from shotkit.engine.faults import told
from shotkit.engine.session import open_session
from shotkit.errors import ConnectionLostError

__all__ = ["Heard", "Listener"]

PULSE = 30.0  # seconds of silence after which the server is asked whether it is still there
PATIENCE = 10.0  # seconds it may take to answer


class Heard(NamedTuple):
    """One notification; its payload may be anybody's, and anything."""

    channel: str
    payload: bytes


class Listener:
    """One connection in autocommit that does nothing but LISTEN; for one thread, save for `wake()`.

    It acts as whoever the address names: to listen takes no identity, and a notification is nobody's row.
    """

    def __init__(self, conninfo: str, *, read_only: bool) -> None:
        self._connection = open_session(conninfo, read_only=read_only)
        self._heard: list[Heard] = []
        # libpq hands over here what arrives along with an answer.
        self._connection.pgconn.notify_handler = self._hear
        self._ear, self._bell = socket.socketpair()
        self._ear.settimeout(0)
        self._bell.settimeout(0)
        self._asked = False
        self._quiet_until = time.monotonic() + PULSE

    def listen(self, channel: str) -> None:
        """Hear what is sent on `channel` by transactions that commit from now on."""
        with told(self._connection):
            self._connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))

    def wait(self, timeout: float | None = None) -> list[Heard]:
        """Return what was heard, after `timeout` seconds at most; it may be nothing, and is when woken.

        A server that went away without a word is noticed by its silence: ConnectionLostError.
        """
        with told(self._connection):
            if not self._heard:
                self._await(timeout)
        heard, self._heard = self._heard, []
        return heard

    def wake(self) -> None:
        """End the wait under way, or the next one, at once; from any thread, also after close()."""
        with suppress(OSError):  # full: it wakes anyway; closed: nobody waits
            self._bell.send(b".")

    def close(self) -> None:
        """End the session."""
        self._connection.close()
        self._ear.close()
        self._bell.close()

    def _await(self, timeout: float | None) -> None:
        quiet = self._quiet_until - time.monotonic()
        pause = quiet if timeout is None else min(timeout, quiet)
        with DefaultSelector() as selector:
            selector.register(self._connection.fileno(), EVENT_READ, self._read)
            selector.register(self._ear, EVENT_READ, self._wake_up)
            ready = selector.select(max(0.0, pause))
        for key, _ in ready:
            key.data()
        if not ready and time.monotonic() >= self._quiet_until:
            self._ask()

    def _read(self) -> None:
        pgconn = self._connection.pgconn
        pgconn.consume_input()
        while message := pgconn.notifies():
            self._hear(message)
        # Only None ends an answer, which may come in pieces, and behind a notification.
        while self._asked and not pgconn.is_busy():
            self._asked = pgconn.get_result() is not None
        self._quiet_until = time.monotonic() + (PATIENCE if self._asked else PULSE)

    def _wake_up(self) -> None:
        self._ear.recv(1 << 12)

    def _hear(self, message: pq.PGnotify) -> None:
        self._heard.append(Heard(message.relname.decode(), message.extra))

    def _ask(self) -> None:
        if self._asked:
            raise ConnectionLostError(f"The server did not answer within {PATIENCE:.0f} s of being asked.")
        self._connection.pgconn.send_query(b"select")
        self._connection.pgconn.flush()
        self._asked = True
        self._quiet_until = time.monotonic() + PATIENCE
