"""Rows of a cursor into an Arrow table of a stated schema."""

from typing import TYPE_CHECKING, Any

from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

__all__ = ["to_arrow"]


def to_arrow(cursor: "psycopg.Cursor[Any]", schema: "pa.Schema") -> "pa.Table":
    """Return the cursor's rows as a table of `schema`; refuse other columns, another order, other types."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    found = [column.name for column in cursor.description or ()]
    if found != schema.names:
        raise SchemaMismatchError(f"The statement returned {found}, expected {schema.names}.")
    columns = zip(*rows, strict=True) if (rows := cursor.fetchall()) else ((),) * len(schema)
    try:
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    except pa.ArrowException as error:
        raise SchemaMismatchError(f"The columns {found} do not fit {schema.types}: {error}") from error
    return pa.table(arrays, schema=schema)
