"""What there is in a database, whoever made it, and how it is guarded: one query of its catalogs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["Capabilities", "Column", "Function", "Index", "Policy", "Table", "Trigger", "look"]


@dataclass(frozen=True)
class Column:
    """A column; `base` is its type without a length or a domain around it, `labels` those of an enum type."""

    name: str
    type: str
    base: str
    nullable: bool
    has_default: bool
    is_generated: bool
    labels: tuple[str, ...]
    may_read: bool


@dataclass(frozen=True)
class Table:
    """A table or view of the schema public; `written` is its name as SQL takes it.

    `secured`: row level security is on; `invoker`: a view reads with its caller's rights; `open_to`: the
    roles from outside (anon and authenticated, else public) that have any right to it.
    """

    name: str
    written: str
    kind: str
    secured: bool
    invoker: bool
    open_to: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Trigger:
    """A trigger of a table; `function` is written as SQL takes it."""

    table: str
    table_written: str
    name: str
    written: str
    function: str
    enabled: bool
    each_row: bool
    before: bool
    events: tuple[str, ...]


@dataclass(frozen=True)
class Function:
    """A function of the schema public, or of one of its triggers, and what was found in its text.

    `definer`: it acts with its owner's rights; `pinned`: search_path is set; `open_to`: the roles from
    outside that may call it; `asks_caller`: it asks who calls; `lets_null_through`: it compares so that a
    caller without a user passes; `puts_old_back`: it writes the old value into the new row; `may_drop`: it
    returns no row or the old one; `swallows`: it catches every error and raises none.
    """

    name: str
    written: str
    is_trigger: bool
    definer: bool
    pinned: bool
    open_to: tuple[str, ...]
    asks_caller: bool
    lets_null_through: bool
    skips_locked: bool
    puts_old_back: bool
    may_drop: bool
    swallows: bool


@dataclass(frozen=True)
class Policy:
    """A policy of row level security; `shows_all` and `takes_all` say that it is `true` for every row."""

    table: str
    table_written: str
    name: str
    written: str
    command: str
    permissive: bool
    roles: tuple[str, ...]
    has_check: bool
    shows_all: bool
    takes_all: bool


@dataclass(frozen=True)
class Index:
    """An index of a table."""

    table: str
    name: str
    method: str
    definition: str
    is_unique: bool
    is_valid: bool


@dataclass(frozen=True)
class Capabilities:
    """What one user's connection finds. `shapes` are those of the entries of shot_data: list, scalar, odd."""

    server_version: str
    is_standby: bool
    is_pooled: bool
    role: str
    is_superuser: bool
    bypasses_row_security: bool
    shapes: tuple[str, ...]
    tables: tuple[Table, ...]
    triggers: tuple[Trigger, ...]
    functions: tuple[Function, ...]
    policies: tuple[Policy, ...]
    indexes: tuple[Index, ...]

    @property
    def columns(self) -> frozenset[tuple[str, str]]:
        """Each table's name with each of its columns'."""
        return frozenset((table.name, column.name) for table in self.tables for column in table.columns)

    def function(self, written: str) -> Function:
        """Return the function that is written so."""
        return next(function for function in self.functions if function.written == written)


def look(database: "Database") -> Capabilities:
    """Return what there is now, by one query that needs no right to any row."""
    answer = database.answer(statement("schema/capabilities"))
    found: dict[str, Any] = answer.rows()[0]["found"]
    found["is_pooled"] = database.is_pooled(answer.session_pid, found.pop("session_pid"))
    found["shapes"] = tuple(sorted({_SHAPES.get(shape, "odd") for shape in found["shapes"]}))
    for name, kind in _KINDS.items():
        found[name] = tuple(_made(kind, each) for each in found[name])
    return Capabilities(**found)


_SHAPES = {"array": "list", "number": "scalar", "null": "scalar"}
_KINDS: dict[str, type] = {
    "tables": Table,
    "triggers": Trigger,
    "functions": Function,
    "policies": Policy,
    "indexes": Index,
}


def _made(kind: type, told: Mapping[str, Any]) -> Any:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    if kind is Table:
        values["columns"] = tuple(_made(Column, column) for column in values["columns"])
    return kind(**values)
