"""The server's answer into an Arrow table of a stated schema."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.types.string import TextLoader

from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    import pyarrow as pa
    from psycopg.pq.abc import PGresult

__all__ = ["names_of", "to_arrow"]


class _AsArrowTakesIt:
    """How values are read: moments as text, which Arrow parses faster than it takes Python's objects."""

    connection = None
    adapters = AdaptersMap(psycopg.adapters)


_AsArrowTakesIt.adapters.register_loader("timestamptz", TextLoader)


def to_arrow(answer: "PGresult", schema: "pa.Schema") -> "pa.Table":
    """Return the rows as a table of `schema`; refuse other columns, order or types."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    found = names_of(answer)
    if found != schema.names:
        raise SchemaMismatchError(f"The statement returned {found}, expected {schema.names}.")
    values = Transformer(_AsArrowTakesIt())
    values.set_pgresult(answer)
    rows = values.load_rows(0, answer.ntuples, tuple)
    if not rows:  # and so without pandas, which Arrow loads with the first Python value
        return pa.table([pa.nulls(0, field.type) for field in schema], schema=schema)
    columns = zip(*rows, strict=True)
    try:
        arrays = [_array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    except pa.ArrowException as error:
        raise SchemaMismatchError(f"The columns {found} do not fit {schema.types}: {error}") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def names_of(answer: "PGresult") -> list[str]:
    """Return the names of the columns."""
    return [(answer.fname(place) or b"").decode() for place in range(answer.nfields)]


def _array(column: Sequence[Any], kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    if pa.types.is_timestamp(kind) and isinstance(next(filter(None, column), None), str):
        return pa.array(column, pa.string()).cast(kind)
    return pa.array(column, kind)
