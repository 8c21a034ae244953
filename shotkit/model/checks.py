"""Holds a frame against its stated columns, so that what is wrong is named before anyone builds on it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shotkit.errors import SchemaMismatchError
from shotkit.model.tables import frame

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema

__all__ = ["checked", "stated"]

_importing = threading.Lock()


def stated(table: pa.Table, schema: pa.Schema, name: str) -> pd.DataFrame:
    """Return the table as a frame that is `checked`.

    Arrow tells in a tenth of the time that all is right; where it is not, checked() says what is wrong.
    """
    rows = frame(table)
    return rows if _holds(table, schema) else checked(rows, schema, name)


def checked(rows: pd.DataFrame, schema: pa.Schema, name: str) -> pd.DataFrame:
    """Return `rows` if they are as `schema` states, with unique ids and ordered frames >= 0 where required.

    Raises SchemaMismatchError, which names the column and the row.
    """
    try:
        _rules(schema).validate(rows, lazy=True)
    except _pandera().errors.SchemaErrors as error:
        raise SchemaMismatchError(_told(error.failure_cases, rows, name)) from None
    return rows


def _holds(table: pa.Table, schema: pa.Schema) -> bool:
    if (table.schema.names, table.schema.types) != (schema.names, schema.types):
        return False
    if any(table[field.name].null_count for field in schema if not field.nullable):
        return False
    if "id" in schema.names and pc.count_distinct(table["id"]).as_py() != len(table):
        return False
    return "timeline_frame" not in schema.names or _in_place(table, schema.field("timeline_frame"))


def _in_place(table: pa.Table, field: pa.Field) -> bool:
    if field.nullable or not len(table):
        return True
    frames = table[field.name].combine_chunks()
    ascending = pc.all(pc.less_equal(frames[:-1], frames[1:])).as_py() is not False
    return ascending and frames[0].as_py() >= 0


@cache
def _rules(schema: pa.Schema) -> "DataFrameSchema":
    columns = {
        field.name: _pandera().Column(
            pd.ArrowDtype(field.type), _positions(field), nullable=field.nullable, unique=field.name == "id"
        )
        for field in schema
    }
    rules: DataFrameSchema = _pandera().DataFrameSchema(columns, strict=True, ordered=True)
    return rules


def _positions(field: pa.Field) -> "list[Check]":
    if field.name != "timeline_frame" or field.nullable:
        return []
    check = _pandera().Check
    ascending = check(lambda frames: frames.diff().fillna(0) >= 0, error="a frame not before the last one")
    return [check(lambda frames: frames >= 0, error="a frame >= 0"), ascending]


def _pandera() -> Any:
    """Return pandera, imported by one thread: its modules import each other, which two at once cannot do."""
    with _importing, _without_spark():
        import pandera.pandas  # noqa: PLC0415  not before rows are checked

        return pandera.pandas


@contextmanager
def _without_spark() -> Iterator[None]:
    """Hide Spark's data frames: where they are there, pandera would load them, slowly and with warnings."""
    name = "pyspark.pandas"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # so told, an import fails
    try:
        yield
    finally:
        del sys.modules[name]


def _told(failures: "pd.DataFrame", rows: pd.DataFrame, name: str) -> str:
    first = failures.iloc[0]
    where = f"column {first['column']}"
    if not pd.isna(first["index"]):
        row = int(first["index"])
        where += f", row {row} (id {rows['id'].iloc[row]})" if "id" in rows else f", row {row}"
    said = f"found {first['failure_case']!r}, expected {first['check']}"
    return f"{name}: {where}: {said}; {len(failures)} failures in all."
