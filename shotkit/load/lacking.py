"""What loading needs of a database's tables, told as a whole where some of it is missing."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache, wraps
from itertools import groupby
from operator import itemgetter
from typing import ParamSpec, TypeVar

from shotkit import sql
from shotkit.engine import Database
from shotkit.errors import SchemaMismatchError
from shotkit.sql import statement

__all__ = ["lacking", "needed", "telling", "words"]

_ALIAS = re.compile(r"public\.(\w+) as (\w+)")
_COMMENT = re.compile(r"(?m)^--.*$")

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


@cache
def needed() -> frozenset[tuple[str, str]]:
    """Return each column, as (table, column), that some statement of sql/load/ reads under its table's alias.

    What an older schema may lack is named bare there, and is not among them.
    """
    found = set()
    for path in sql.names("load"):
        text = _COMMENT.sub("", sql.text(path))
        for table, alias in set(_ALIAS.findall(text)):
            found |= {(table, column) for column in re.findall(rf"\b{alias}\.(\w+)", text)}
    return frozenset(found)


def lacking(columns: Collection[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Return what `columns` lack of what loading needs: (table, column), or (table, None) for a whole one."""
    tables = {table for table, _ in columns}
    return sorted(
        {(table, column if table in tables else None) for table, column in needed() - set(columns)},
        key=lambda each: (each[0], each[1] or ""),
    )


def words(lacks: "Iterable[tuple[str, str | None]]") -> str:
    """Return what is lacking in words: whole tables by their names, columns by their tables."""
    by_table = [(table, [column for _, column in rows]) for table, rows in groupby(lacks, itemgetter(0))]
    return "; ".join(
        f"the table {table}" if None in columns else f"of {table} {', '.join(map(str, columns))}"
        for table, columns in by_table
    )


def telling(load: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """Let a function that loads, from its first argument, name all that is lacking there."""

    @wraps(load)
    def told(*args: _Given.args, **given: _Given.kwargs) -> _Found:
        try:
            return load(*args, **given)
        except SchemaMismatchError as error:
            if lacks := _lacking_there(args[0]):
                raise SchemaMismatchError(
                    f"The database lacks what loading needs: {words(lacks)}. Way out: `shotkit doctor` lists "
                    "it too, `shotkit db status` says what is pending."
                ) from error
            raise

    return told


def _lacking_there(source: object) -> list[tuple[str, str | None]]:
    if not (isinstance(source, Database) and source.engine == "postgres"):
        return []
    tables = sorted({table for table, _ in needed()})
    rows = source.rows(statement("load/columns"), tables=tables)
    return lacking({(row["name"], row["column_name"]) for row in rows})
