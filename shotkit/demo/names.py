"""Ids, times and random words of the demo, all out of one seed: the same on every machine and run."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

__all__ = ["CLOCK", "identity", "milliseconds", "moment", "word"]

CLOCK = datetime(2026, 1, 19, 17, 0, tzinfo=UTC)
_SEED = uuid5(NAMESPACE_URL, "https://shotkit.example.org/demo/1")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def identity(*parts: object) -> str:
    """Return the id of what the parts name."""
    return str(_derived(parts))


def word(length: int, *parts: object) -> str:
    """Return `length` characters of base 36, as file names have them."""
    number, letters = _derived(parts).int, []
    for _ in range(length):
        number, digit = divmod(number, 36)
        letters.append(_DIGITS[digit])
    return "".join(letters)


def moment(minutes: float) -> str:
    """Return the time so many minutes after the demo's clock, in ISO 8601."""
    return (CLOCK + timedelta(minutes=minutes)).isoformat()


def milliseconds(moment: str) -> int:
    """Return a time as file names have it: milliseconds since 1970."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def _derived(parts: tuple[object, ...]) -> UUID:
    return uuid5(_SEED, "/".join(map(str, parts)))
