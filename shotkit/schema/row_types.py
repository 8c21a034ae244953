"""Python classes for the rows of each table and view: dataclasses, or pydantic's models."""

import keyword
import re
from collections.abc import Iterable, Iterator

from shotkit.schema.capabilities import Capabilities, Column, Table

__all__ = ["class_name", "dataclasses_of", "models_of", "unlike"]

_PYTHON = {
    "bigint": "int",
    "boolean": "bool",
    "bytea": "bytes",
    "character": "str",
    "character varying": "str",
    "date": "date",
    "double precision": "float",
    "integer": "int",
    "interval": "timedelta",
    "json": "Any",
    "jsonb": "Any",
    "numeric": "Decimal",
    "real": "float",
    "smallint": "int",
    "text": "str",
    "time without time zone": "time",
    "timestamp with time zone": "datetime",
    "timestamp without time zone": "datetime",
    "uuid": "UUID",
}
_IMPORTS = (
    "from datetime import date, datetime, time, timedelta\n"
    "from decimal import Decimal\n"
    "from typing import Any, Literal\n"
    "from uuid import UUID\n"
)


def dataclasses_of(seen: Capabilities) -> str:
    """Return a module with a frozen dataclass a table, its fields in the order of the columns.

    A column whose name is none in Python has it in its field's metadata.
    """
    heads = ("from dataclasses import dataclass, field\n", _IMPORTS)
    taken: set[str] = set()
    classes = ("\n".join(_dataclass(table, taken)) for table in seen.tables)
    return "\n\n".join(["".join(heads), *classes]) + "\n"


def models_of(seen: Capabilities) -> str:
    """Return a module with a pydantic model a table; a column whose name is none in Python is an alias."""
    from pydantic import BaseModel  # noqa: PLC0415  comes with pandera, and is heavy

    heads = (_IMPORTS, "\nfrom pydantic import BaseModel, ConfigDict, Field\n")
    taken: set[str] = set()
    barred = {*dir(BaseModel)}
    classes = ("\n".join(_model(table, taken, barred)) for table in seen.tables)
    return "\n\n".join(["".join(heads), *classes]) + "\n"


def class_name(table: str, taken: set[str]) -> str:
    """Return the name of a table's class, `ShotGenerationsRow`, unlike those `taken`, and take it."""
    words = re.findall(r"[A-Za-z0-9]+", table)
    return unlike("".join(word[:1].upper() + word[1:] for word in words) + "Row", taken)


def unlike(name: str, taken: set[str]) -> str:
    """Return `name` as an identifier unlike those `taken`, and take it."""
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not name[:1].isalpha():
        name = f"column_{name}"
    while keyword.iskeyword(name) or name in taken:
        name += "_"
    taken.add(name)
    return name


def _dataclass(table: Table, taken: set[str]) -> Iterator[str]:
    yield from _head(table)
    yield "@dataclass(frozen=True, slots=True, kw_only=True)"
    yield f"class {class_name(table.name, taken)}:"
    for name, column in _fields(table.columns, set()):
        other = "" if name == column.name else f' = field(metadata={{"column": {column.name!r}}})'
        yield f"    {name}: {_type(column)}{other}"
    if not table.columns:
        yield "    pass"


def _model(table: Table, taken: set[str], barred: set[str]) -> Iterator[str]:
    yield from _head(table)
    yield f"class {class_name(table.name, taken)}(BaseModel):"
    yield "    model_config = ConfigDict(frozen=True, protected_namespaces=())"
    for name, column in _fields(table.columns, {*barred}):
        other = "" if name == column.name else f" = Field(alias={column.name!r})"
        yield f"    {name}: {_type(column)}{other}"


def _head(table: Table) -> Iterator[str]:
    # As a literal: a name may hold quotes and line ends.
    yield f"# {table.kind} {table.name!r}"


def _fields(columns: Iterable[Column], taken: set[str]) -> Iterator[tuple[str, Column]]:
    for column in columns:
        yield unlike(column.name, taken), column


def _type(column: Column) -> str:
    base = column.base.removesuffix("[]")
    kind = f"Literal[{', '.join(map(repr, column.labels))}]" if column.labels else _PYTHON.get(base, "Any")
    kind = f"list[{kind}]" if base != column.base else kind
    return f"{kind} | None" if column.nullable and kind != "Any" else kind
