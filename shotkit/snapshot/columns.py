"""What a snapshot holds: which columns of which tables, how each is selected, and its type in Arrow."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ADDRESSES", "SECRETS", "Column", "LeftOut", "Source", "check_columns", "quoted", "sources"]

#: Never read: keys of other services, which nothing that reads a snapshot needs.
SECRETS = frozenset({("users", "api_keys")})
#: Addresses of media, which are kept up to their first `?`: what follows may be a signature.
ADDRESSES = frozenset({"location", "thumbnail_url", "output_location", "avatar_url"})

_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")
_WIDEST = (38, 3)  # of a numeric without digits of its own
_JSONB = ("generations", "shot_data")
_ARROW = {
    "boolean": "bool_",
    "smallint": "int16",
    "integer": "int32",
    "bigint": "int64",
    "real": "float32",
    "double precision": "float64",
    "date": "date32",
}
_MOMENTS = ("timestamp with time zone", "timestamp without time zone")
_OF_A_GENERATION = {
    "generations": "id",
    "generation_variants": "generation_id",
    "shot_generations": "generation_id",
}
_HASHED = "encode(substring(sha256(convert_to(({})::text, 'UTF8')) for 16), 'hex')::uuid"
_ORDERS = ("project_id", "shot_id", "user_id", "generation_id", "id")


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its type in SQL, what is selected for it, and what that is in Arrow."""

    name: str
    type: str
    selected: str
    arrow: "pa.DataType"


@dataclass(frozen=True)
class LeftOut:
    """A column that the snapshot lacks, and why."""

    table: str
    column: str
    reason: str


@dataclass(frozen=True)
class Source:
    """A table and those of its columns that a snapshot holds."""

    table: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """What spreads the rows over buckets, 16 bytes in SQL: the generation's id, else the row's own."""
        wanted = _OF_A_GENERATION.get(self.table, "id")
        found = next((column.selected for column in self.columns if column.name == wanted), "null::uuid")
        return found if found.endswith("::uuid") else _HASHED.format(found)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which the rows of a file stand, so that those of one project stand together."""
        return tuple(name for name in _ORDERS if name in self.names)

    @property
    def names(self) -> list[str]:
        """The names of the columns, in the table's order."""
        return [column.name for column in self.columns]

    @property
    def travels(self) -> "pa.Schema":
        """What comes of the table: as a file of it holds it, but for ids, which come as their 16 bytes."""
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken

        return pa.schema([(column.name, column.arrow) for column in self.columns])


def sources(rows: list[dict[str, Any]]) -> tuple[list[Source], list[LeftOut]]:
    """Return what to read, by the rows of sql/snapshot/columns.sql, and what is left out."""
    tables: dict[str, list[Column]] = {}
    left_out = []
    for row in rows:
        if reason := _barred(row):
            left_out.append(LeftOut(row["table_name"], row["column_name"], reason))
        else:
            tables.setdefault(row["table_name"], []).append(_column(row))
    return [Source(table, tuple(columns)) for table, columns in tables.items()], left_out


def check_columns(rows: list[dict[str, Any]]) -> None:
    """Refuse, with SchemaMismatchError, a database of which no snapshot that could be audited can be made."""
    if not rows:
        raise SchemaMismatchError(
            "The database has none of the tables that a snapshot holds, such as public.generations; nothing "
            "was written. Check the address; `shotkit db columns` lists what is there."
        )
    for row in rows:
        if (row["table_name"], row["column_name"]) == _JSONB and row["base"] != "jsonb":
            raise SchemaMismatchError(
                f"Column generations.shot_data is {row['type']}, wanted is jsonb; nothing was written. "
                "`shotkit doctor` tells what else there is; make it jsonb to take a snapshot."
            )


def _barred(row: dict[str, Any]) -> str | None:
    if (row["table_name"], row["column_name"]) in SECRETS:
        return "it holds secrets"
    return None if row["may_read"] else "this user may not read it"


def _column(row: dict[str, Any]) -> Column:
    name = row["column_name"]
    return Column(name, row["type"], *_travels(row["base"], row["type"], quoted(name)))


def _travels(base: str, type_: str, name: str) -> "tuple[str, pa.DataType]":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken

    if base in _ARROW:
        return name, getattr(pa, _ARROW[base])()
    if base in _MOMENTS:
        # No moment of Arrow's is infinite; the driver would make one of year 294246 of it.
        finite = f"case when isfinite({name}) then {name} end"
        return finite, pa.timestamp("us", tz="UTC" if base == _MOMENTS[0] else None)
    if base == "numeric":
        found = _NUMERIC.fullmatch(type_)
        digits = (int(found[1]), int(found[2])) if found else _WIDEST
        return f"{name}::text", pa.decimal128(*digits)
    if base == "uuid":
        return f"{name}::uuid", pa.binary(16)
    if base.endswith("[]"):
        return f"{name}::text[]", pa.list_(pa.string())
    return f"{name}::text", pa.string()


def quoted(name: str) -> str:
    """Return a name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'
