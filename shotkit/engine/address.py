"""Which database: the argument, SHOTKIT_URL, PGSERVICE or PGHOST, else the embedded server.

A folder in place of a URL is that of a snapshot.

libpq parses. Its complaints about a malformed address quote it, password and all, so they are not passed on.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine.pooler import behind_pooler, taken_out
from shotkit.errors import ConfigurationError

__all__ = ["Address", "resolve", "shown"]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_SCHEMES = {"postgresql", "postgres", "postgresql+psycopg"}
_SHOWN = ("service", "host", "hostaddr", "port", "dbname", "user")  # a list of what may, not of what may not
_FROM_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NAME = re.compile(r"[\w./ -]{1,200}")  # as folders are named, and what has a password is not
_LARGEST_PORT = 65535


@dataclass(frozen=True, repr=False)
class Address:
    """A database's libpq address and where it came from; its text and its repr never show a secret.

    `folder` is that of a snapshot, which has no such address. `pooled` is what is said of a pooler, `keyring`
    the entry that has the password.
    """

    conninfo: str
    source: str
    embedded: bool = False
    folder: Path | None = None
    pooled: bool | None = None
    keyring: str = ""

    def __str__(self) -> str:
        if self.folder:
            return f"the snapshot {self.folder}"
        return shown(self.conninfo) or ("the embedded server" if self.embedded else "libpq's defaults")

    def __repr__(self) -> str:
        return f"<Address {self} ({self.source})>"


def resolve(url: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Address:
    """Resolve the address in the order argument, SHOTKIT_URL, PGSERVICE or PGHOST, embedded server."""
    found = _found(url, environ)
    if found.embedded or found.folder:
        return found
    pooled = behind_pooler(environ.get("SHOTKIT_POOLER")) if found.pooled is None else found.pooled
    return replace(found, pooled=pooled, keyring=found.keyring or environ.get("SHOTKIT_KEYRING", ""))


def shown(conninfo: str) -> str:
    """Return what may be shown of an address: where it leads and as whom."""
    parts = conninfo_to_dict(conninfo)
    return " ".join(f"{key}={parts[key]}" for key in _SHOWN if parts.get(key))


def _found(url: str | Path | None, environ: Mapping[str, str]) -> Address:
    if url is not None:
        return _address(str(url), "the address given", "argument")
    if (own := environ.get("SHOTKIT_URL")) is not None:
        if not own.strip():
            # Else a secret that is missing in CI would audit an empty database, and find nothing.
            raise ConfigurationError(
                "SHOTKIT_URL is set and empty; give it the database's address, or unset it for PGSERVICE, "
                "PGHOST or the embedded server."
            )
        return _address(own, "the address in SHOTKIT_URL", "SHOTKIT_URL")
    if environ.get("PGSERVICE"):
        return Address(_checked({"service": environ["PGSERVICE"]}, "PGSERVICE"), "PGSERVICE")
    if environ.get("PGHOST"):
        parts = {key: environ[name] for key, name in _FROM_ENVIRONMENT.items() if environ.get(name)}
        return Address(_checked(parts, "the address in PGHOST and its like"), "PGHOST")
    return Address("", "embedded", embedded=True)


def _address(text: str, what: str, source: str) -> Address:
    text = text.strip()
    if os.path.isdir(text):  # noqa: PTH112  Path's raises on long text
        return Address("", source, folder=Path(text).absolute())
    text, own = taken_out(text)
    pooled = behind_pooler(own.get("pooler") or own.get("pgbouncer"))
    return Address(_conninfo(text, what), source, pooled=pooled, keyring=own.get("keyring", ""))


def _conninfo(text: str, what: str) -> str:
    _refuse_control(text, what)
    if found := _SCHEME.match(text):
        text = _libpq_url(found[1].lower(), text[found.end() :], what)
    elif text.endswith((".duckdb", ".parquet")) or os.path.exists(text):  # noqa: PTH110  Path's raises on long text
        raise ConfigurationError(
            f"{_opening(what)} is a file; give the folder of a snapshot, "
            "postgresql://user@host/database or service=NAME."
        )
    if (parts := _split(text)) is None:
        if _NAME.fullmatch(text):
            raise ConfigurationError(
                f"{_opening(what)}, {text!r}, is no folder that there is: give that of a snapshot, "
                "postgresql://user@host/database or service=NAME."
            )
        raise ConfigurationError(
            f"{_opening(what)} is malformed: give postgresql://user:password@host:port/database with special "
            "characters percent-encoded and libpq's own parameters, key=value pairs, service=NAME, "
            "or the folder of a snapshot, which must be there."
        )
    if not any(parts.values()):
        raise ConfigurationError(f"{_opening(what)} is empty; leave it out for the embedded server.")
    return _checked(parts, what)


def _libpq_url(scheme: str, rest: str, what: str) -> str:
    if scheme not in _SCHEMES:
        raise ConfigurationError(
            f"{_opening(what)} begins with {scheme}://; give postgresql://user@host/database."
        )
    # libpq takes what follows a first @ or / for the host, and errors then show half a password as a host.
    place = rest.partition("@")[2] if "@" in rest.partition("/")[0] else rest
    if "@" in place.partition("?")[0]:
        raise ConfigurationError(
            f"{_opening(what)} holds @ or / inside its user or password; write them as %40 and %2F."
        )
    return f"postgresql://{rest}"


def _split(text: str) -> dict[str, Any] | None:
    try:
        return conninfo_to_dict(text)
    except (psycopg.Error, UnicodeError):
        return None  # and not the error, whose text and context quote the address


def _checked(parts: dict[str, Any], what: str) -> str:
    for port in str(parts.get("port", "")).split(","):
        if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _LARGEST_PORT):
            raise ConfigurationError(
                f"{_opening(what)} has a port that is no number from 1 to {_LARGEST_PORT}."
            )
    database = str(parts.get("dbname", ""))
    if "=" in database or _SCHEME.match(database):
        raise ConfigurationError(f"{_opening(what)} has another address for its database name; give a name.")
    _refuse_control("".join(map(str, parts.values())), what)
    return make_conninfo(**parts)


def _refuse_control(text: str, what: str) -> None:
    if _CONTROL.search(text):
        raise ConfigurationError(f"{_opening(what)} holds a control character; write it on one line.")


def _opening(what: str) -> str:
    return what[0].upper() + what[1:]
