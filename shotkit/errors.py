"""The tree of errors: every one shotkit raises on purpose, each with the way out.

ShotkitError
├── ConfigurationError         wrong usage: an address, an option, a missing extra
├── NotFoundError              no such project, shot, generation
├── InvalidChangeError         the change asked for breaks a rule
├── CouldNotCompleteError      the request was right, the world was not
│   ├── ServerUnreachableError     no answer, or the server refused the connection
│   ├── ConnectionLostError        the server went away in mid-query
│   ├── QueryTimeoutError          the statement timeout struck
│   ├── EmbeddedServerError        the embedded PostgreSQL could not be started or stopped
│   ├── SchemaMismatchError        the database's tables are not what is needed
│   ├── NotPermittedError          the user may not
│   ├── ReadOnlyError              the connection is read-only
│   ├── StaleShotError             the shot changed since the caller saw it
│   └── WriteNotStoredError        the database stored something other than what was asked

The class docstring is the default message. This module imports nothing of the package.
"""

from typing import ClassVar

__all__ = [
    "ConfigurationError",
    "ConnectionLostError",
    "CouldNotCompleteError",
    "EmbeddedServerError",
    "InvalidChangeError",
    "NotFoundError",
    "NotPermittedError",
    "QueryTimeoutError",
    "ReadOnlyError",
    "SchemaMismatchError",
    "ServerUnreachableError",
    "ShotkitError",
    "StaleShotError",
    "WriteNotStoredError",
]


class ShotkitError(Exception):
    """shotkit could not do what was asked."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or " ".join((self.__doc__ or "").split()))


class ConfigurationError(ShotkitError):
    """The address, an option or the installation is wrong; check the command or the call."""

    exit_code = 2


class NotFoundError(ShotkitError):
    """There is no such row; list what there is with kit.projects() or kit.shots()."""

    exit_code = 2


class InvalidChangeError(ShotkitError):
    """The change breaks a rule; nothing was written."""

    exit_code = 2


class CouldNotCompleteError(ShotkitError):
    """The request could not be completed; nothing half-done was kept."""


class ServerUnreachableError(CouldNotCompleteError):
    """The database server did not answer or refused the connection; check that it runs and the address."""


class ConnectionLostError(CouldNotCompleteError):
    """The database server went away before it answered; run it again when the server is back."""


class QueryTimeoutError(CouldNotCompleteError):
    """The statement took longer than the statement timeout allows."""


class EmbeddedServerError(CouldNotCompleteError):
    """The embedded PostgreSQL could not be started or stopped; its log is in its data folder."""


class SchemaMismatchError(CouldNotCompleteError):
    """The database lacks tables or columns that are needed; run `shotkit db status`."""


class NotPermittedError(CouldNotCompleteError):
    """This user may not do that; connect with the rights it needs."""


class ReadOnlyError(CouldNotCompleteError):
    """The connection is read-only; connect with read_only=False to change anything."""


class StaleShotError(CouldNotCompleteError):
    """The shot changed since it was read; load it again and repeat the change."""


class WriteNotStoredError(CouldNotCompleteError):
    """The database stored something other than what was asked; the change was rolled back."""
