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
│   ├── StaleVariantsError         the generation's variants changed since the caller saw them
│   └── WriteNotStoredError        the database stored something other than what was asked

The class docstring is the default message. This module imports nothing of the package.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

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
    "StaleVariantsError",
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
    """The shot changed since it was read; look at it with shot.timeline() and repeat the change.

    `seen` and `found` are both orders: the frame (None off the timeline) of each link id, by frame.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        seen: Mapping[str, int | None] | None = None,
        found: Mapping[str, int | None] | None = None,
    ) -> None:
        super().__init__(
            message
            or "The shot changed since it was read; look at it with shot.timeline() and repeat the change."
        )
        self.seen = dict(seen or {})
        self.found = dict(found or {})


class StaleVariantsError(CouldNotCompleteError):
    """The generation's variants changed since they were read; look with gen.variants() and repeat the change.

    `seen` and `found` say of each variant id whether it is the primary one.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        seen: Mapping[str, bool] | None = None,
        found: Mapping[str, bool] | None = None,
    ) -> None:
        super().__init__(
            message
            or "The variants changed since they were read; look with gen.variants() and repeat the change."
        )
        self.seen = dict(seen or {})
        self.found = dict(found or {})


class WriteNotStoredError(CouldNotCompleteError):
    """The database stored something other than what was asked; the change was rolled back.

    `asked` and `stored` have what differs: the frame of each link id, or a value by its column's name.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        asked: Mapping[str, Any] | None = None,
        stored: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            message or "The database stored something other than what was asked; the change was rolled back."
        )
        self.asked = dict(asked or {})
        self.stored = dict(stored or {})
