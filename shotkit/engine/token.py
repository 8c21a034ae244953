"""The claims of a JSON web token; nothing of the token itself is ever shown."""

import base64
import binascii
import json
from typing import Any

from shotkit.errors import ConfigurationError, NotPermittedError

__all__ = ["claims_of"]

_PARTS = 3


def claims_of(token: object, secret: str | None) -> dict[str, Any]:
    """Return a token's claims, its HS256 signature verified where `secret` is given."""
    if not isinstance(token, str) or token.count(".") != _PARTS - 1:
        raise _malformed()
    claims = _unverified(token) if secret is None else _verified(token, secret)
    # A token without them was not made by the project's own sign-in, and would act as somebody unforeseen.
    if not isinstance(claims, dict) or not (claims.get("sub") or claims.get("role")):
        raise ConfigurationError("The token names neither a user (sub) nor a role; get one by signing in.")
    return claims


def _unverified(token: str) -> Any:
    body = token.split(".")[1]
    try:
        return json.loads(base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise _malformed() from None  # and not the error, which may quote it


def _verified(token: str, secret: str) -> Any:
    try:
        import jwt  # noqa: PLC0415  an extra
    except ImportError:
        raise ConfigurationError(
            "To verify a token needs PyJWT; pip install 'shotkit[jwt]', or leave out jwt_secret."
        ) from None
    try:
        return jwt.decode(token, secret, algorithms=["HS256"], options={"verify_aud": False})
    except jwt.ExpiredSignatureError:
        raise NotPermittedError("The token has expired; connect again with a new one.") from None
    except jwt.InvalidTokenError as error:
        raise NotPermittedError(
            f"The token is refused ({type(error).__name__}); it must be signed by HS256 with jwt_secret."
        ) from None


def _malformed() -> ConfigurationError:
    return ConfigurationError("jwt is no JSON web token; give the access token of a session, as it came.")
