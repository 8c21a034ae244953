"""Finds the one project or shot that an id or a name means; says what is close when there is none."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

from shotkit.errors import ConfigurationError, NotFoundError
from shotkit.given import as_id, storable
from shotkit.load.lacking import telling
from shotkit.secret import cleaned
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["find"]

Kind = Literal["project", "shot"]
_LONGEST = 80  # characters of what was asked that an error repeats


@telling
def find(database: "Database", kind: Kind, id_or_name: object) -> dict[str, Any]:
    """Return id and name (a shot's project_id too) of the one row that this is the id or else the name of.

    Raises NotFoundError with close names, ConfigurationError with the ids when a name is used more than once.
    """
    name, id_ = storable(str(id_or_name), f"{kind} name"), as_id(id_or_name)
    found = database.rows(statement(f"load/find_{kind}"), id=id_, name=name)
    found = [row for row in found if row["id"] == id_] or found
    if not found:
        raise NotFoundError(_none(database, kind, name))
    if len(found) > 1:
        ids = ", ".join(row["id"] for row in found)
        raise ConfigurationError(
            f"{len(found)} {kind}s are named {cleaned(name)[:_LONGEST]!r}; give one of the ids {ids}."
        )
    return found[0]


def _none(database: "Database", kind: Kind, name: str) -> str:
    there = {row["name"].lower(): row["name"] for row in database.rows(statement(f"load/{kind}_names"))}
    close = [cleaned(there[key]) for key in get_close_matches(name[:_LONGEST].lower(), there, n=3)]
    name = cleaned(name)[:_LONGEST]
    if close:
        return f"There is no {kind} {name!r}; close to it: {', '.join(map(repr, close))}."
    return f"There is no {kind} {name!r} among the {len(there)} there are; list them with kit.{kind}s()."
