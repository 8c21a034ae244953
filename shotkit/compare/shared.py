"""What can be compared: the tables and columns that both sides have, may read and keep alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shotkit.compare.result import Skipped
from shotkit.snapshot.columns import SECRETS

__all__ = ["Column", "Shared", "Shown", "Table", "kind_of", "share", "shown"]

ID = "id"
_KINDS = {
    "boolean": "boolean",
    "smallint": "number",
    "integer": "number",
    "bigint": "number",
    "numeric": "number",
    "real": "real",
    "double precision": "double",
    "date": "date",
    "timestamp with time zone": "moment",
    "timestamp without time zone": "local moment",
    "jsonb": "jsonb",
    "json": "json",
    # as DuckDB has them
    "decimal": "number",
    "float": "real",
    "double": "double",
    "timestamp": "local moment",
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in SQL, the kind of its values, whether this user may read it."""

    name: str
    type: str
    kind: str
    may_read: bool


@dataclass(frozen=True)
class Table:
    """A table as one side has it: its columns by name, about how many rows, whether rows may be hidden."""

    columns: dict[str, Column]
    about_rows: int
    is_partial: bool


@dataclass(frozen=True)
class Shown:
    """One side: what it is called, whom it is read as ('' for nobody in particular), its tables by name."""

    name: str
    acts_as: str
    tables: dict[str, Table]


@dataclass(frozen=True)
class Shared:
    """A table that is compared: its columns beside the id, and about how many rows the larger side has."""

    name: str
    columns: tuple[Column, ...]
    about_rows: int


def kind_of(base: str, type_: str) -> str:
    """Return the kind of a column's values, by how its engine stores it and by its type in the database."""
    stored = base.lower().partition("(")[0]
    if stored.endswith("[]"):
        return "list"
    # JSON is text in a snapshot; which text it is, the manifest says.
    return _KINDS.get(stored) or (type_ if type_ in ("json", "jsonb") else "text")


def share(here: Shown, there: Shown) -> tuple[list[Shared], list[Skipped]]:
    """Return what is compared, and what is not and why."""
    shared, skipped = [], []
    for name in sorted(here.tables.keys() | there.tables.keys()):
        if reason := _table_apart(name, here, there):
            skipped.append(Skipped(name, None, reason))
            continue
        ours, theirs = here.tables[name], there.tables[name]
        apart = dict(_columns_apart(name, ours, theirs, (here, there)))
        skipped += [Skipped(name, column, reason) for column, reason in apart.items()]
        columns = [each for each in ours.columns.values() if _is_compared(name, each.name, apart)]
        shared.append(Shared(name, tuple(columns), max(ours.about_rows, theirs.about_rows)))
    return shared, skipped


def _is_compared(table: str, column: str, apart: dict[str, str]) -> bool:
    return column != ID and column not in apart and (table, column) not in SECRETS


def _table_apart(name: str, here: Shown, there: Shown) -> str | None:
    for side, other in ((here, there), (there, here)):
        if name not in side.tables:
            return f"only {other.name} has it"
        if not _may_read(side.tables[name], ID):
            return f"{side.name} shows no id to tell its rows by"
    # Of one user's part both may show the same; of a part and the whole nobody can say what is missing.
    as_one = here.acts_as == there.acts_as != ""
    for side in (here, there):
        if side.tables[name].is_partial and not as_one:
            return f"row level security shows only a part of it in {side.name}"
    return None


def _columns_apart(
    table: str, ours: Table, theirs: Table, sides: tuple[Shown, Shown]
) -> Iterator[tuple[str, str]]:
    here, there = sides
    for name in dict.fromkeys([*ours.columns, *theirs.columns]):
        if (table, name) in SECRETS or name == ID:
            continue
        if name not in ours.columns or name not in theirs.columns:
            yield name, f"only {(here if name in ours.columns else there).name} has it"
        elif barred := [s.name for s, t in ((here, ours), (there, theirs)) if not _may_read(t, name)]:
            yield name, f"it may not be read in {barred[0]}"
        elif ours.columns[name].kind != theirs.columns[name].kind:
            yield name, f"it is {ours.columns[name].type} here and {theirs.columns[name].type} there"


def _may_read(table: Table, column: str) -> bool:
    return column in table.columns and table.columns[column].may_read


def shown(name: str, acts_as: str, rows: list[dict[str, Any]]) -> Shown:
    """Return a side by the rows of sql/compare/columns.sql."""
    tables: dict[str, Table] = {}
    for row in rows:
        table = tables.setdefault(row["table_name"], Table({}, row["about_rows"], row["is_partial"]))
        kind = kind_of(row["base"], row["type"])
        table.columns[row["column_name"]] = Column(row["column_name"], row["type"], kind, row["may_read"])
    return Shown(name, acts_as, tables)
