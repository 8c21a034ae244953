"""One connection to the server: what it is told at its start and in each transaction, whether it lives."""

import os
import re
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shotkit.engine.address import shown
from shotkit.engine.faults import unreachable
from shotkit.engine.identity import Identity
from shotkit.errors import ConfigurationError

__all__ = ["alive", "open_session", "startup", "within"]

OLDEST = 140000  # PostgreSQL 14, as libpq counts
STATEMENT_TIMEOUT = "5min"
LOCK_TIMEOUT = "10s"
_DEFAULTS = {
    "application_name": "shotkit",
    # A server that vanished without a word is noticed within a minute, not after TCP's two hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_DURATION = re.compile(r"\d{1,9} *(us|ms|s|min|h|d)?", re.ASCII)


def open_session(conninfo: str, *, read_only: bool, pooled: bool = False) -> psycopg.Connection[Any]:
    """Connect, in autocommit and without prepared statements, so that a pooler in between does no harm."""
    given = startup(conninfo, read_only=read_only, pooled=pooled)
    try:
        connection = psycopg.connect(**given, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        raise unreachable(error, shown(conninfo) or "the address") from error
    try:
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def startup(conninfo: str, *, read_only: bool, pooled: bool = False) -> dict[str, Any]:
    """Return the parameters that a connection is opened with, the session's settings among them.

    A pooler of transactions (`pooled`) refuses or forgets those, so that each transaction has its own.
    """
    given: dict[str, Any] = {
        **_DEFAULTS,
        "connect_timeout": os.environ.get("PGCONNECT_TIMEOUT", "10"),
        **conninfo_to_dict(conninfo),
        "client_encoding": "utf8",
    }
    if pooled:
        return given
    # What comes last counts: the address may change the timeouts, nothing may lift read-only.
    options = [f"-c {name}={value}" for name, value in _settings().items()]
    options.append(given.get("options") or os.environ.get("PGOPTIONS", ""))
    if read_only:
        options.append("-c default_transaction_read_only=on")
    return {**given, "options": " ".join(options)}


def within(identity: Identity | None, *, pooled: bool) -> dict[str, str]:
    """Return what is set inside each transaction, and ends with it."""
    session = _settings() | {"datestyle": "ISO"} if pooled else {}
    return session | (identity.settings if identity else {})


def alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether an idle connection still stands, asked of the socket without a round trip."""
    try:
        for _ in range(2):  # a notice, or the server's farewell; then the end, where it is one
            connection.pgconn.consume_input()
    except (psycopg.Error, OSError):
        return False
    return not connection.closed


def _settings() -> dict[str, str]:
    return {"statement_timeout": _statement_timeout(), "lock_timeout": LOCK_TIMEOUT, "timezone": "UTC"}


def _statement_timeout() -> str:
    value = os.environ.get("SHOTKIT_STATEMENT_TIMEOUT") or STATEMENT_TIMEOUT
    if not _DURATION.fullmatch(value):
        raise ConfigurationError(
            f"SHOTKIT_STATEMENT_TIMEOUT is {value!r}; give milliseconds, or a text like 90s."
        )
    return value.replace(" ", "")


def _check(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < OLDEST:
        found = connection.info.parameter_status("server_version")
        raise ConfigurationError(f"The server is PostgreSQL {found}; shotkit works with 14 to 18.")
    zone, style = (connection.info.parameter_status(name) or "" for name in ("TimeZone", "DateStyle"))
    if zone != "UTC" or not style.startswith("ISO"):  # PGTZ, PGDATESTYLE, or a pooler that drops the options
        connection.execute("set timezone to 'UTC'; set datestyle to 'ISO'")
