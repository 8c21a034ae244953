"""When statements are kept prepared on a session: where no pooler can stand between it and its client.

A pooler that lends its sessions by transaction could run another client's statement of that name. It tells
each client a number of the session that it made up, so before one whose number is true there is none: what
passes the true number on is a proxy, or a pooler that lends a session for as long as its client stays.
"""

import sys
from typing import Any

import psycopg
from psycopg import errors

__all__ = ["OUTDATED", "allow", "is_allowed"]

#: What the server says of a prepared statement whose columns changed since, and of one that it let go of.
OUTDATED = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)


def is_allowed(connection: psycopg.Connection[Any]) -> bool:
    """Whether statements may be kept prepared on this connection."""
    return connection.prepare_threshold is not None


def allow(connection: psycopg.Connection[Any]) -> None:
    """Let statements be prepared on this connection, each only where that is asked for."""
    connection.prepare_threshold = sys.maxsize
