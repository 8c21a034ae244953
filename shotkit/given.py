"""What callers give (ids, flags, numbers, texts), checked before it becomes a change or a parameter."""

import os
from collections.abc import Iterable, Mapping
from numbers import Integral
from pathlib import Path
from uuid import UUID

from shotkit.errors import ConfigurationError, InvalidChangeError, ShotkitError
from shotkit.secret import cleaned, is_cut

__all__ = [
    "LARGEST",
    "as_flag",
    "as_id",
    "as_ids",
    "as_number",
    "as_path",
    "as_text",
    "plain",
    "required_id",
    "storable",
]

_CANONICAL = 36  # characters; UUID() takes braces and URNs too, which may be somebody's shot name
LARGEST = 2**31 - 1  # what a column of type integer holds
_SHOWN = 80  # characters of what was given that an error repeats


def as_id(value: object) -> str | None:
    """Return `value` as a lower-case UUID, None if it is none."""
    text = str(value)
    try:
        return str(UUID(text)) if len(text) == _CANONICAL and text.isascii() else None
    except ValueError:
        return None


def required_id(value: object, what: str, refusal: type[ShotkitError] = ConfigurationError) -> str:
    """Return `value` as a lower-case UUID; `what` names it in the error."""
    if (found := as_id(value)) is None:
        raise refusal(f"{cleaned(str(value))[:_SHOWN]!r} is no {what} id; give a UUID.")
    return found


def as_ids(value: object, name: str) -> tuple[object, ...]:
    """Return the ids of a list, a Series or their like, in order, or of the one id that is given."""
    if isinstance(value, str | UUID):
        return (value,)
    unordered = isinstance(value, set | frozenset | Mapping) or hasattr(value, "columns")
    if unordered or isinstance(value, bytes) or not isinstance(value, Iterable):
        raise InvalidChangeError(
            f"{name} must be ids in a list or a Series, in the order meant, found {_kind(value)}; "
            "give for instance rows['id']."
        )
    found = tuple(value)
    if any(map(_is_bool, found)):
        raise InvalidChangeError(
            f"{name} must be ids, found a mask of True and False; give rows.loc[mask, 'id']."
        )
    return found


def as_flag(value: object, name: str, refusal: type[ShotkitError] = InvalidChangeError) -> bool:
    """Return `value` if it is True or False; what else counts as true, such as 'False', is refused."""
    if not _is_bool(value):
        raise refusal(f"{name} is True or False, found {repr(value)[:_SHOWN]}.")
    return bool(value)


def as_number(
    value: object,
    what: str,
    least: int,
    most: int = LARGEST,
    refusal: type[ShotkitError] = InvalidChangeError,
) -> int:
    """Return `value` if it is a whole number from `least` to `most`; `what` names it in the error."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        raise refusal(f"{what} must be a whole number from {least} to {most}, found {repr(value)[:_SHOWN]}.")
    return int(value)


def as_path(value: "str | os.PathLike[str]", what: str) -> Path:
    """Return `value` as a path that a file system can hold; `what` names it in the error."""
    try:
        if b"\0" not in os.fsencode(value):
            return Path(value)
        problem = "has a NUL"
    except UnicodeEncodeError:
        problem = "has half of a surrogate pair"
    except TypeError:
        problem = "is no path"
    raise ConfigurationError(f"The {what} {repr(value)[:_SHOWN]} {problem}; name another.")


def as_text(value: object, what: str) -> str | None:
    """Return `value` if it is None or a text that PostgreSQL can hold."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidChangeError(f"The {what} must be a text, found {_kind(value)}.")
    if is_cut(value):
        raise InvalidChangeError(
            f"In the {what} {value[:_SHOWN]!r} the query string or password of an address was cut off ('…') "
            "when it was noted; give the whole address."
        )
    return storable(value, what, InvalidChangeError)


def storable(text: str, what: str, refusal: type[ShotkitError] = ConfigurationError) -> str:
    """Return `text` if PostgreSQL can hold it: no NUL, no half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise refusal(
            f"The {what} {cleaned(text)[:_SHOWN]!r} has a character that no text in PostgreSQL can hold."
        )
    return text


def plain(value: object) -> object:
    """Return flags, numbers and ids of numpy, pandas and uuid as Python's own, whose repr can be run."""
    if _is_bool(value):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return str(value) if isinstance(value, str | UUID) else value


def _is_bool(value: object) -> bool:
    # By name: numpy is not imported for a question that almost every bool answers by itself.
    kind = type(value)
    return kind is bool or (kind.__module__ == "numpy" and kind.__name__ in {"bool", "bool_"})


def _kind(value: object) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {repr(value)[:_SHOWN]}"
