"""Whether a pooler stands in between that lends its sessions by transaction: what an address says of it."""

import re
from urllib.parse import unquote

from shotkit.errors import ConfigurationError

__all__ = ["PORT", "behind_pooler", "taken_out"]

PORT = 6543  # of Supabase's poolers in transaction mode
_KINDS = {"transaction": True, "true": True, "session": False, "none": False, "false": False}
_OWN = ("pooler", "pgbouncer", "keyring")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PAIR = re.compile(r"(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|\S*)\s*")


def behind_pooler(stated: str | None) -> bool | None:
    """Return what an address, or SHOTKIT_POOLER, states; None where nothing does: then the port tells."""
    if not stated:
        return None
    if stated not in _KINDS:
        raise ConfigurationError(f"pooler={stated!r:.80} is unknown; give transaction, session or none.")
    return _KINDS[stated]


def taken_out(text: str) -> tuple[str, dict[str, str]]:
    """Take parameters out of an address that are shotkit's own, not libpq's; return the rest and them."""
    found: dict[str, str] = {}

    def is_own(name: str, value: str) -> bool:
        if name in _OWN:
            found[name] = value
        return name in _OWN

    def without(pair: re.Match[str]) -> str:
        return "" if is_own(pair[1], pair[2].strip("'")) else pair[0]

    if not _URL.match(text):
        rest = _PAIR.sub(without, text)
    else:
        place, _, query = text.partition("?")
        kept = "&".join(pair for pair in query.split("&") if not is_own(*_named(pair)))
        rest = f"{place}?{kept}" if kept else place
    return (rest if found else text), found


def _named(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name, unquote(value)
