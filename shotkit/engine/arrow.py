"""The server's answer into columns of Python's values, and these into an Arrow table of a stated schema."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.types.string import TextLoader

from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    import pyarrow as pa
    from psycopg.pq.abc import PGresult

__all__ = ["Columns", "columns_of", "names_of", "table_of"]

Columns = Sequence[Sequence[Any]]


class _AsArrowTakesIt:
    """How values are read: moments as text, which Arrow parses faster than it takes Python's objects."""

    connection = None
    adapters = AdaptersMap(psycopg.adapters)


_AsArrowTakesIt.adapters.register_loader("timestamptz", TextLoader)


def columns_of(answer: "PGresult", schema: "pa.Schema") -> Columns:
    """Return the values column by column, moments as text; refuse other names than the schema's."""
    found = names_of(answer)
    if found != schema.names:
        raise SchemaMismatchError(f"The statement returned {found}, expected {schema.names}.")
    values = Transformer(_AsArrowTakesIt())
    values.set_pgresult(answer)
    rows = values.load_rows(0, answer.ntuples, tuple)
    return list(zip(*rows, strict=True)) if rows else [()] * len(found)


def table_of(columns: Columns, schema: "pa.Schema") -> "pa.Table":
    """Return the columns, whose moments may be text, as a table of `schema`; refuse other types."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    if not len(columns[0]):  # and so without pandas, which Arrow loads with the first Python value
        return pa.table([pa.nulls(0, field.type) for field in schema], schema=schema)
    try:
        arrays = [_array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    except pa.ArrowException as error:
        raise SchemaMismatchError(f"The columns {schema.names} do not fit {schema.types}: {error}") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def names_of(answer: "PGresult") -> list[str]:
    """Return the names of the columns."""
    return [(answer.fname(place) or b"").decode() for place in range(answer.nfields)]


def _array(column: Sequence[Any], kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    if pa.types.is_timestamp(kind) and isinstance(next(filter(None, column), None), str):
        return pa.array(column, pa.string()).cast(kind)
    return pa.array(column, kind)
