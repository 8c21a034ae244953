"""One repeatable-read, read-only transaction whose rows come as Arrow batches: bulk reads, bounded memory."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import make_conninfo

from shotkit.engine.address import shown
from shotkit.engine.aside import Aside, result
from shotkit.engine.faults import translated, unreachable
from shotkit.engine.session import startup, within
from shotkit.errors import ConfigurationError, SchemaMismatchError

if TYPE_CHECKING:
    from concurrent.futures import Future

    import pyarrow as pa

    from shotkit.engine.identity import Identity
    from shotkit.sql import Statement

__all__ = ["Stream", "open_stream"]

_BEGIN = "set transaction isolation level repeatable read read only"
_BATCH_BYTES = "adbc.postgresql.batch_size_hint_bytes"
_WHOLE = 256 << 20  # bytes in one batch of what is read as a whole: to sort many, Arrow copies them into one
_SERVERS = 8
_PARAMETER = re.compile(r"%\((\w+)\)s|%%")
_REFUSED = re.compile(r"ERROR: +(.*)")


class Stream:
    """The open transaction of an ADBC connection; every read shows the same snapshot."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def batches(self, text: str) -> "Generator[pa.RecordBatch]":
        """Run a query of shotkit's own making, without parameters; read one batch ahead of its user."""
        with _told(), self._connection.cursor() as cursor, Aside(cursor.adbc_cancel) as aside:
            aside.run(cursor.execute, text)
            rows = cursor.fetch_record_batch()
            ahead = aside.start(next, rows, None)
            while (batch := _waited_for(ahead)) is not None:
                ahead = aside.start(next, rows, None)
                yield batch

    def read(self, text: str, given: "pa.RecordBatch | None" = None) -> "pa.Table":
        """Return all rows of a query of shotkit's own making; `given` has its parameters $1, $2, ..."""
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a stream is opened

        with _told(), self._connection.cursor() as cursor, Aside(cursor.adbc_cancel) as aside:
            cursor.adbc_statement.set_options(**{_BATCH_BYTES: str(_WHOLE)})
            aside.run(cursor.execute, text, given)
            table: pa.Table = aside.run(cursor.fetch_arrow_table)
        # Text of a catalog's own types comes with the driver's notes, which no reader of a file needs.
        plain = [pa.field(field.name, field.type) for field in table.schema]
        return pa.table(table.columns, schema=pa.schema(plain))

    def table(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return the rows as an Arrow table of `schema`, whose names must be the columns in order.

        A parameter is a text, a number, a flag or None, cast in the statement. What the statement leaves a
        uuid comes as 16 bytes, whatever the schema says.
        """
        found = self.read(*_bound(statement, parameters))
        if found.schema.names != schema.names:
            raise SchemaMismatchError(
                f"The statement returned {found.schema.names}, expected {schema.names}."
            )
        return found.cast(_with_ids(schema, found.schema))

    def rows(self, statement: "Statement") -> list[dict[str, Any]]:
        """Return the rows as dicts: for the few rows that are not bound for a file."""
        found: list[dict[str, Any]] = self.read(statement.text.replace("%%", "%")).to_pylist()
        return found


def _with_ids(schema: "pa.Schema", found: "pa.Schema") -> "pa.Schema":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a stream is opened

    uuid, id_ = pa.uuid(), pa.binary(16)
    fields = zip(schema, found, strict=True)
    return pa.schema([field.with_type(id_) if came.type == uuid else field for field, came in fields])


def _bound(statement: "Statement", parameters: dict[str, object]) -> "tuple[str, pa.RecordBatch | None]":
    """Return the text as ADBC takes it, and what is bound to its $1, $2, ...

    With anything bound the driver does without COPY, and takes three times as long; so that the three words
    that no value can change, null, true and false, stand in the text.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a stream is opened

    asked = {"%%": "%"}
    values: list[pa.Array] = []
    for name, value in parameters.items():
        if value is None or isinstance(value, bool):
            asked[f"%({name})s"] = str(value).lower() if value is not None else "null"
        else:
            values.append(pa.array([str(value)], pa.string()))
            asked[f"%({name})s"] = f"${len(values)}"
    text = _PARAMETER.sub(lambda found: asked[found[0]], statement.text)
    return text, pa.record_batch(values, [f"${n}" for n, _ in enumerate(values, 1)]) if values else None


@contextmanager
def open_stream(conninfo: str, identity: "Identity | None", *, pooled: bool = False) -> Iterator[Stream]:
    """Open the transaction under the identity; it is rolled back at its end, having written nothing."""
    try:
        import adbc_driver_postgresql.dbapi as adbc  # noqa: PLC0415  heavy, and only snapshots need it
    except ImportError:
        raise ConfigurationError(
            "Snapshots need ADBC's PostgreSQL driver; pip install adbc-driver-postgresql."
        ) from None
    text = make_conninfo(**startup(conninfo, read_only=True, pooled=pooled))
    try:
        connection = _connection(text)
    except adbc.Error as error:
        raise unreachable(_as_psycopg(error), shown(conninfo) or "the address") from None
    with connection, _told():
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN)
            if settings := within(identity, pooled=pooled):
                each = (f"set_config(${n}, ${n + 1}, true)" for n in range(1, 2 * len(settings), 2))
                cursor.execute(
                    f"select {', '.join(each)}", [part for pair in settings.items() for part in pair]
                )
                cursor.fetchall()
        yield Stream(connection)


def _connection(text: str) -> Any:
    import adbc_driver_manager  # noqa: PLC0415  heavy, and only snapshots need it
    from adbc_driver_manager import dbapi  # noqa: PLC0415

    lent: Any = _Lent()
    return dbapi.Connection(lent, adbc_driver_manager.AdbcConnection(_server(text)), autocommit=False)


@lru_cache(_SERVERS)
def _server(text: str) -> Any:
    """Return what ADBC knows of a server, its types, which take longer than connecting; no connection."""
    import adbc_driver_postgresql  # noqa: PLC0415  heavy, and only snapshots need it

    return adbc_driver_postgresql.connect(text)


class _Lent:
    """Stands for what _server keeps, which a connection would close at its own end."""

    def close(self) -> None:
        """Leave it open for the next connection."""


@contextmanager
def _told() -> Iterator[None]:
    """Raise shotkit's error for whatever ADBC raises inside; its own quotes the whole query."""
    import adbc_driver_manager as adbc  # noqa: PLC0415  heavy, and only snapshots need it

    try:
        yield
    except adbc.Error as error:
        raise translated(_as_psycopg(error), lost=error.sqlstate is None) from error


def _waited_for(ahead: "Future[pa.RecordBatch | None]") -> "pa.RecordBatch | None":
    try:
        return result(ahead)
    except OSError as error:  # so Arrow hands on what ADBC says in mid-read
        said = str(error).partition("\n")[0]
        refused = _REFUSED.search(said)
        raise translated(
            psycopg.OperationalError(refused[1] if refused else said), lost=refused is None
        ) from error


def _as_psycopg(error: Any) -> psycopg.Error:
    """Return the error as the other driver would raise it: one table of ways out serves both."""
    try:
        kind = psycopg.errors.lookup(error.sqlstate or "")
    except KeyError:
        kind = psycopg.OperationalError
    said: bytes = dict(error.details).get(b"PG_DIAG_MESSAGE_PRIMARY", b"")
    return kind(said.decode(errors="replace") or str(error).partition("\n")[0])
