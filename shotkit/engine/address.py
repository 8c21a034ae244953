"""Which database: the argument, SHOTKIT_URL, PGSERVICE or PGHOST, else the embedded server."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Address", "resolve"]


@dataclass(frozen=True)
class Address:
    """A database's address; its text and its repr never show a secret."""

    conninfo: str = field(repr=False)
    source: str
    embedded: bool = False


def resolve(url: str | None = None, environ: Mapping[str, str] = os.environ) -> Address:
    """Resolve the address in the order argument, SHOTKIT_URL, PGSERVICE or PGHOST, embedded server."""
    if url is not None:
        return Address(url, "argument")
    if environ.get("SHOTKIT_URL"):
        return Address(environ["SHOTKIT_URL"], "SHOTKIT_URL")
    if environ.get("PGSERVICE") or environ.get("PGHOST"):
        return Address("", "libpq environment")
    return Address("", "embedded", embedded=True)
