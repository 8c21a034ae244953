"""Passwords out of the system's keyring, where an address names an entry of it."""

import os
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    from shotkit.engine.address import Address

__all__ = ["with_password"]


def with_password(address: "Address") -> str:
    """Return the address for libpq, with the password that the keyring holds for its user."""
    parts = conninfo_to_dict(address.conninfo)
    if not address.keyring or parts.get("password"):
        return address.conninfo
    user = parts.get("user") or os.environ.get("PGUSER")
    if not user:
        raise ConfigurationError(f"keyring={address.keyring} needs a user too; give it in the address.")
    return make_conninfo(address.conninfo, password=_password(address.keyring, str(user)))


def _password(entry: str, user: str) -> str:
    try:
        import keyring  # noqa: PLC0415  an extra
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        raise ConfigurationError(
            "A password out of the keyring needs keyring; pip install 'shotkit[keyring]'."
        ) from None
    try:
        password: str | None = keyring.get_password(entry, user)
    except KeyringError as error:
        raise ConfigurationError(
            f"The keyring did not answer ({type(error).__name__}); unlock it, or give the password otherwise."
        ) from None
    if not password:
        raise ConfigurationError(
            f"The keyring has no password under {entry!r} for {user!r}; store it: keyring set {entry} {user}"
        )
    return password
