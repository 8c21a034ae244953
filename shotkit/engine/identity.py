"""Whom a transaction acts as: a user, a role, or the bearer of a token."""

import json
import re
import time
from dataclasses import dataclass, field
from uuid import UUID

from shotkit.engine.token import claims_of
from shotkit.errors import ConfigurationError, NotPermittedError

__all__ = ["Identity", "acting", "identity"]

_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}", re.ASCII)


@dataclass(frozen=True)
class Identity:
    """A role, the claims that auth.uid() reads, which are never shown, and when they expire."""

    role: str
    claims: str = field(repr=False)
    expires: float | None = None
    user: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """What the server is told inside each transaction; an expired token is refused here."""
        if self.expires is not None and time.time() >= self.expires:
            raise NotPermittedError("The token has expired; connect again with a new one.")
        return {"role": self.role, "request.jwt.claims": self.claims}


def identity(
    user_id: str | None, role: str | None, jwt: str | None = None, jwt_secret: str | None = None
) -> Identity | None:
    """Check whom to act as; None is whoever the address names.

    Without `jwt_secret` a token's signature is not looked at: whoever may take on its role could claim the
    same without it.
    """
    if jwt is not None:
        if user_id is not None or role is not None:
            raise ConfigurationError(
                "A token says itself whose it is; leave out user_id and role beside jwt."
            )
        return _bearer(jwt, jwt_secret)
    if jwt_secret is not None:
        raise ConfigurationError("jwt_secret is what a token is verified with; give jwt too.")
    if user_id is not None:
        return acting(user_id, "authenticated" if role is None else role)
    return None if role is None else Identity(_checked(role), "")


def acting(user_id: str, role: str = "authenticated") -> Identity:
    """Return the identity of a user in a role."""
    user = _user(user_id)
    return Identity(_checked(role), json.dumps({"sub": user, "role": role}), user=user)


def _bearer(jwt: str, secret: str | None) -> Identity:
    claims = claims_of(jwt, secret)
    expires = claims.get("exp")
    if expires is not None and (isinstance(expires, bool) or not isinstance(expires, int | float)):
        raise ConfigurationError("The token's exp is no time; get a new token.")
    user = _user(claims["sub"]) if claims.get("sub") else ""
    role = _checked(claims.get("role") or "authenticated")
    found = Identity(role, json.dumps(claims), expires, user)
    _ = found.settings  # an expired one is refused at once
    return found


def _checked(role: object) -> str:
    if not isinstance(role, str) or not _ROLE.fullmatch(role) or role == "none":  # 'none' would lift the role
        raise ConfigurationError(f"{role!r:.80} is no name of a role; give letters, digits and underscores.")
    return role


def _user(user_id: object) -> str:
    try:
        return str(UUID(str(user_id)))
    except ValueError:
        raise ConfigurationError(
            f"{user_id!r:.80} is no user id; give a UUID, such as users.id holds."
        ) from None
