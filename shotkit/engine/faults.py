"""Turns what the driver raises into shotkit's errors, each with the way out and without secrets."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg

from shotkit.errors import (
    ConnectionLostError,
    CouldNotCompleteError,
    NotPermittedError,
    QueryTimeoutError,
    ReadOnlyError,
    SchemaMismatchError,
    ServerUnreachableError,
    ShotkitError,
)

__all__ = ["told", "translate"]

_BY_CLASS: tuple[tuple[type[psycopg.Error], type[ShotkitError], str], ...] = (
    (pg.ReadOnlySqlTransaction, ReadOnlyError, "connect with read_only=False to change anything"),
    (pg.InsufficientPrivilege, NotPermittedError, "connect as a user who may"),
    (pg.UndefinedTable, SchemaMismatchError, "see `shotkit db status`"),
    (pg.UndefinedColumn, SchemaMismatchError, "see `shotkit db status`"),
    (pg.UndefinedFunction, SchemaMismatchError, "see `shotkit db status`"),
    (pg.QueryCanceled, QueryTimeoutError, "raise the statement timeout or ask for less"),
    (pg.AdminShutdown, ConnectionLostError, "run it again when the server is back"),
    (pg.CrashShutdown, ConnectionLostError, "run it again when the server is back"),
)


@contextmanager
def told(connection: "psycopg.Connection[object] | None" = None) -> Iterator[None]:
    """Raise shotkit's error for whatever the driver raises inside."""
    try:
        yield
    except psycopg.Error as error:
        raise translate(error, lost=connection is not None and connection.broken) from error


def translate(error: psycopg.Error, *, lost: bool = False) -> ShotkitError:
    """Choose the error for `error`; a lost connection carries no SQLSTATE, so it is told by its state."""
    found = (error.diag.message_primary or str(error)).strip()
    first_line = found.splitlines()[0] if found else type(error).__name__
    for kind, ours, way_out in _BY_CLASS:
        if isinstance(error, kind):
            return ours(f"The server said: {first_line}. Way out: {way_out}.")
    if lost:
        return ConnectionLostError(f"The connection was lost: {first_line}. Run it again when the server is back.")
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return ServerUnreachableError(f"No connection: {first_line}. Check the address and that the server runs.")
    return CouldNotCompleteError(f"The server refused: {first_line} (SQLSTATE {error.sqlstate}).")
