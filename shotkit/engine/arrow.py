"""Rows into an Arrow table of a stated schema."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["to_arrow"]


def to_arrow(found: list[str], rows: Sequence[tuple[Any, ...]], schema: "pa.Schema") -> "pa.Table":
    """Return `rows` of the columns `found` as a table of `schema`; refuse other columns, order or types."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    if found != schema.names:
        raise SchemaMismatchError(f"The statement returned {found}, expected {schema.names}.")
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    try:
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    except pa.ArrowException as error:
        raise SchemaMismatchError(f"The columns {found} do not fit {schema.types}: {error}") from error
    return pa.table(arrays, schema=schema)
