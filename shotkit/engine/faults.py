"""Turns what the driver raises into shotkit's errors: one line each, with the way out and without secrets."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors as pg

from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    CouldNotCompleteError,
    InvalidChangeError,
    NotFoundError,
    NotPermittedError,
    QueryTimeoutError,
    ReadOnlyError,
    SchemaMismatchError,
    ServerUnreachableError,
    ShotkitError,
)

__all__ = ["first_line", "passing", "told", "translated", "unreachable"]

_Way = tuple[type[ShotkitError], str]

_AGAIN = "run it again: nothing of it was kept"
_BACK = "when the server is back, run it again; load first what you were writing, it may be stored"
_IN_STEPS = "a trigger writes that row too; make another variant primary before you delete the primary one"
_STATUS = "`shotkit db columns` lists what the database has, `shotkit db status` what is pending"
# The first that fits is taken: a class stands before its bases.
_BY_CLASS: tuple[tuple[type[psycopg.Error], _Way], ...] = (
    (pg.InsufficientPrivilege, (NotPermittedError, "connect as a user who may")),
    (pg.UndefinedTable, (SchemaMismatchError, _STATUS)),
    (pg.UndefinedColumn, (SchemaMismatchError, _STATUS)),
    (pg.UndefinedFunction, (SchemaMismatchError, _STATUS)),
    (pg.UndefinedObject, (SchemaMismatchError, _STATUS)),
    (pg.InvalidSchemaName, (SchemaMismatchError, _STATUS)),
    (pg.LockNotAvailable, (QueryTimeoutError, "another session holds these rows; run it again")),
    (pg.SerializationFailure, (CouldNotCompleteError, _AGAIN)),
    (pg.DeadlockDetected, (CouldNotCompleteError, _AGAIN)),
    (pg.DiskFull, (CouldNotCompleteError, "make room on the server's disk; nothing was written")),
    (pg.TooManyConnections, (ServerUnreachableError, "close other sessions, or try again later")),
    (pg.CannotConnectNow, (ServerUnreachableError, "try again in a moment")),
    (pg.AdminShutdown, (ConnectionLostError, _BACK)),
    (pg.CrashShutdown, (ConnectionLostError, _BACK)),
    (pg.IdleInTransactionSessionTimeout, (ConnectionLostError, _AGAIN)),
    (psycopg.IntegrityError, (InvalidChangeError, "nothing was written; change what was asked for")),
    (pg.NoDataFound, (NotFoundError, "load again what there is")),
    (pg.RaiseException, (InvalidChangeError, "nothing was written; change what was asked for")),
    (pg.TriggeredDataChangeViolation, (InvalidChangeError, _IN_STEPS)),
)
# A refused connection carries no SQLSTATE, only words.
_BY_WORDS: tuple[tuple[str, _Way], ...] = (
    ("password authentication failed", (ServerUnreachableError, "check the user and the password")),
    ("no password supplied", (ServerUnreachableError, "give one in the address, PGPASSWORD or ~/.pgpass")),
    ("no pg_hba.conf entry", (ServerUnreachableError, "the server does not let in this user from here")),
    (r'database ".*" does not exist', (ServerUnreachableError, "check the name of the database")),
    (r'role ".*" does not exist', (ServerUnreachableError, "check the name of the user")),
    ("permission denied for database", (NotPermittedError, "connect as a user who may")),
    ("too many clients|connection slots|too many connections", (
        ServerUnreachableError, "close other sessions, or try again later",
    )),
    ("the database system is", (ServerUnreachableError, "try again in a moment")),
    ("resolve host|translate host", (ServerUnreachableError, "check the name of the host")),
    ("definition of service", (ConfigurationError, "check the name against ~/.pg_service.conf")),
    ("service file", (ConfigurationError, "check ~/.pg_service.conf")),
    ("unsupported startup parameter", (
        ConfigurationError, "a pooler stands in between; add pooler=transaction to the address",
    )),
    ("configuration parameter|for parameter|invalid .* value|bad value", (
        ConfigurationError, "check the parameters of the address and PGOPTIONS",
    )),
)  # fmt: skip
_READ_ONLY = (
    "The connection is read-only, so nothing was written. Way out: connect with read_only=False to change "
    "anything; a standby server takes no changes at all."
)
# What the server says in words of SQL, in those of its users.
_SAID = (
    (
        re.compile(r'.*violates row-level security policy.* for table "?(\w+)"?'),
        r"This user may not write such a row of \1",
    ),
    (re.compile(r'permission denied for ([\w ]+) "?(\w+)"?'), r"This user may not use the \1 \2"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST = 300


@contextmanager
def told(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Raise shotkit's error for whatever the driver raises inside."""
    try:
        yield
    except psycopg.Error as error:
        if type(error) is psycopg.OperationalError and not error.sqlstate:
            # The driver's own: a pooler that lost its server ends no pipeline, and nothing more can be asked.
            connection.close()
        raise translated(error, lost=connection.closed) from error


def passing(error: BaseException) -> bool:
    """Return whether the whole transaction may succeed when it is run again: another one stood in its way."""
    return isinstance(error.__cause__, pg.LockNotAvailable | pg.SerializationFailure | pg.DeadlockDetected)


def unreachable(error: psycopg.Error, where: str) -> ShotkitError:
    """Choose the error for a connection to `where` that could not be made."""
    line = first_line(error)
    kind: type[ShotkitError] = ServerUnreachableError
    way_out = "check the address and that the server runs"
    for words, way in _BY_WORDS:
        if re.search(words, line):
            kind, way_out = way
            break
    return kind(f"No connection to {where}: {line}. Way out: {way_out}.")


def translated(error: psycopg.Error, *, lost: bool) -> ShotkitError:
    """Choose the error for what the driver raised on a connection that stands, or is `lost`."""
    line = first_line(error)
    if isinstance(error, pg.QueryCanceled):
        return _cancelled(line)
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return ReadOnlyError(_READ_ONLY)
    for kind, (ours, way_out) in _BY_CLASS:
        if isinstance(error, kind):
            return ours(f"{_in_words(line)}. Way out: {way_out}.")
    if lost:  # by the connection's state: a server killed in mid-query leaves no SQLSTATE
        return ConnectionLostError(f"The connection was lost: {line}. Way out: {_BACK}.")
    state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    return CouldNotCompleteError(f"The server refused: {line}{state}; nothing of it was kept.")


def first_line(error: psycopg.Error) -> str:
    """Return the line of the error that says what happened, without control characters."""
    said = error.diag.message_primary or str(error)
    said = re.sub(r"^(consuming input failed|connection failed|connection is bad): ", "", said.lstrip())
    said = said.partition("\n")[0].rpartition("FATAL:  ")[2]
    return _CONTROL.sub(" ", said).strip().rstrip(".")[:_LONGEST] or type(error).__name__


def _in_words(line: str) -> str:
    for said, words in _SAID:
        if found := said.fullmatch(line):
            return found.expand(words)
    return f"The server said: {line}"


def _cancelled(line: str) -> ShotkitError:
    if "user request" in line:
        return CouldNotCompleteError(f"The statement was cancelled: {line}. Way out: {_AGAIN}.")
    return QueryTimeoutError(
        f"The server said: {line}. Way out: raise SHOTKIT_STATEMENT_TIMEOUT or ask for less; behind a pooler "
        "that drops it, the statement_timeout of the role counts."
    )
