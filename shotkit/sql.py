"""Reads sql/ once, from the wheel or the checkout: name -> statement.

A statement's file opens with its head, one comment line each:

    -- phase_one: display rows of one shot; no join, no params.
    -- takes: shot_id

The first names it (the file's name without its number) and says what it is for, `takes` lists its
`%(parameter)s`s. A head that disagrees with its text fails when the text is loaded, naming the file.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import LiteralString

from shotkit.errors import ConfigurationError

__all__ = ["Statement", "exists", "names", "statement", "text"]

_HEAD = re.compile(r"-- (?P<key>\w+): (?P<value>.*)")
_PARAMETER = re.compile(r"(?<!%)%\((\w+)\)s")
_NUMBER = re.compile(r"^\d{4}_")


@dataclass(frozen=True)
class Statement:
    """One file of sql/: its path below sql/ without `.sql`, its purpose, head fields, parameters and text."""

    path: str
    purpose: str
    head: dict[str, str]
    parameters: frozenset[str]
    text: LiteralString

    @property
    def name(self) -> str:
        """The file's name with its number: `0001_shot_data_matches_links`."""
        return self.path.rpartition("/")[2]


@cache
def statement(path: str) -> Statement:
    """Return the statement at `path`, such as `load/phase_one`; its head agrees with its text."""
    body = text(path)
    name = _NUMBER.sub("", path.rpartition("/")[2])
    head = _head(body)
    if name not in head:
        raise ConfigurationError(
            f"sql/{path}.sql must open with `-- {name}: what it is for`, found {list(head)}."
        )
    declared = frozenset(head.get("takes", "").replace(",", " ").split())
    used = frozenset(_PARAMETER.findall(body))
    if declared != used:
        raise ConfigurationError(f"sql/{path}.sql says it takes {sorted(declared)} but uses {sorted(used)}.")
    return Statement(path, head.pop(name), head, used, body)


@cache
def text(path: str) -> LiteralString:
    """Return the whole text of sql/`path`.sql. Ours alone, so it counts as literal."""
    file = _root().joinpath(*f"{path}.sql".split("/"))
    if not file.is_file():
        raise ConfigurationError(f"shotkit is installed without sql/{path}.sql; install it again.")
    return file.read_text("utf-8")


@cache
def exists(path: str) -> bool:
    """Tell whether there is a sql/`path`.sql."""
    return _root().joinpath(*f"{path}.sql".split("/")).is_file()


@cache
def names(folder: str) -> tuple[str, ...]:
    """Return the paths of the statements in a folder of sql/, in the order of their names."""
    found = (entry.name for entry in _root().joinpath(folder).iterdir())
    return tuple(f"{folder}/{name[:-4]}" for name in sorted(found) if name.endswith(".sql"))


def _head(body: str) -> dict[str, str]:
    head: dict[str, str] = {}
    for line in body.splitlines():
        if not (found := _HEAD.fullmatch(line)):
            break
        head[found["key"]] = found["value"].strip()
    return head


@cache
def _root() -> Traversable:
    packaged = files("shotkit").joinpath("_sql")
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "sql"
