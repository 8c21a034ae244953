"""Holds a frame against its stated columns, so that what is wrong is named before anyone builds on it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema

__all__ = ["checked"]

_importing = threading.Lock()


def checked(rows: pd.DataFrame, schema: pa.Schema, name: str) -> pd.DataFrame:
    """Return `rows` if they are as `schema` states, with unique ids and ordered frames >= 0 where required.

    Raises SchemaMismatchError, which names the column and the row.
    """
    try:
        _rules(schema).validate(rows, lazy=True)
    except _pandera().errors.SchemaErrors as error:
        raise SchemaMismatchError(_told(error.failure_cases, rows, name)) from None
    return rows


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
