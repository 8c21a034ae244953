"""One connection to the server: what it is told at its start, who it acts as, whether it still lives."""

import json
import os
import re
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shotkit.engine.address import shown
from shotkit.engine.faults import unreachable
from shotkit.errors import ConfigurationError

__all__ = ["Identity", "alive", "identity", "open_session", "startup"]

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
_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}", re.ASCII)


@dataclass(frozen=True)
class Identity:
    """Whom a transaction acts as: a role, and the claims that auth.uid() reads."""

    role: str
    claims: str


def identity(user_id: str | None, role: str | None) -> Identity | None:
    """Check whom to act as; None is whoever the address names."""
    if role is not None and (not _ROLE.fullmatch(role) or role == "none"):  # 'none' would lift the role
        raise ConfigurationError(f"{role!r:.80} is no name of a role; give letters, digits and underscores.")
    if user_id is None:
        return Identity(role, "") if role else None
    try:
        user = str(UUID(str(user_id)))
    except ValueError:
        raise ConfigurationError(
            f"{user_id!r:.80} is no user id; give a UUID, such as users.id holds."
        ) from None
    role = role or "authenticated"
    return Identity(role, json.dumps({"sub": user, "role": role}))


def open_session(conninfo: str, *, read_only: bool) -> psycopg.Connection[Any]:
    """Connect, in autocommit and without prepared statements, so that a pooler in between does no harm."""
    try:
        connection = psycopg.connect(
            **startup(conninfo, read_only=read_only), autocommit=True, prepare_threshold=None
        )
    except psycopg.Error as error:
        raise unreachable(error, shown(conninfo) or "the address") from error
    try:
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def startup(conninfo: str, *, read_only: bool) -> dict[str, Any]:
    """Return the parameters that a connection is opened with, the session's settings among them."""
    given: dict[str, Any] = {
        **_DEFAULTS,
        "connect_timeout": os.environ.get("PGCONNECT_TIMEOUT", "10"),
        **conninfo_to_dict(conninfo),
    }
    ours = {"statement_timeout": _statement_timeout(), "lock_timeout": LOCK_TIMEOUT, "timezone": "UTC"}
    # What comes last counts: the address may change the timeouts, nothing may lift read-only.
    options = [f"-c {name}={value}" for name, value in ours.items()]
    options.append(given.get("options") or os.environ.get("PGOPTIONS", ""))
    if read_only:
        options.append("-c default_transaction_read_only=on")
    return {**given, "options": " ".join(options), "client_encoding": "utf8"}


def alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether an idle connection still stands, asked of the socket without a round trip."""
    try:
        with DefaultSelector() as selector:
            selector.register(connection.fileno(), EVENT_READ)
            while selector.select(0):  # a notice, or the server's farewell
                connection.pgconn.consume_input()
    except (psycopg.Error, OSError):
        return False
    return not connection.closed


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
