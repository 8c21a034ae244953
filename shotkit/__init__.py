"""shotkit: shots of AI-made video, from PostgreSQL into pandas, proven against their source of truth."""

from typing import TYPE_CHECKING, Any

from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    CouldNotCompleteError,
    EmbeddedServerError,
    InvalidChangeError,
    NotFoundError,
    NotPermittedError,
    QueryTimeoutError,
    ReadOnlyError,
    SchemaMismatchError,
    ServerUnreachableError,
    ShotkitError,
    StaleShotError,
    StaleVariantsError,
    WriteNotStoredError,
)

if TYPE_CHECKING:
    from shotkit.kit import Kit, connect
    from shotkit.shot import Shot

__version__ = "0.1.0"

__all__ = [
    "ConfigurationError",
    "ConnectionLostError",
    "CouldNotCompleteError",
    "EmbeddedServerError",
    "InvalidChangeError",
    "Kit",
    "NotFoundError",
    "NotPermittedError",
    "QueryTimeoutError",
    "ReadOnlyError",
    "SchemaMismatchError",
    "ServerUnreachableError",
    "Shot",
    "ShotkitError",
    "StaleShotError",
    "StaleVariantsError",
    "WriteNotStoredError",
    "__version__",
    "connect",
    "plot",
    "widgets",
]

# Loaded on first use: `import shotkit` must not wait for pandas or a database driver.
_LAZY = {"Kit": "shotkit.kit", "connect": "shotkit.kit", "Shot": "shotkit.shot"}


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    if name in {"plot", "widgets"}:
        return import_module(f"shotkit.{name}")
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'shotkit' has no attribute {name!r}")
