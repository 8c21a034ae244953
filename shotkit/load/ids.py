"""Ids and texts that come from users, checked before they become parameters."""

from uuid import UUID

from shotkit.errors import ConfigurationError

__all__ = ["as_id", "required_id", "storable"]

_CANONICAL = 36  # characters; UUID() takes braces and URNs too, which may be somebody's shot name


def as_id(value: object) -> str | None:
    """Return `value` as a lower-case UUID, None if it is none."""
    text = str(value)
    try:
        return str(UUID(text)) if len(text) == _CANONICAL else None
    except ValueError:
        return None


def required_id(value: object, what: str) -> str:
    """Return `value` as a lower-case UUID; `what` names it in the error."""
    if (found := as_id(value)) is None:
        raise ConfigurationError(f"{str(value)[:80]!r} is no {what} id; give a UUID.")
    return found


def storable(text: str, what: str) -> str:
    """Return `text` if PostgreSQL can hold it: no NUL, no half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ConfigurationError(
            f"The {what} {text[:80]!r} has a character that no text in PostgreSQL can hold."
        )
    return text
