"""PostgreSQL through psycopg: one pool, one identity, statements from sql/ only."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy.pool import QueuePool

from shotkit.engine.faults import told
from shotkit.errors import SchemaMismatchError

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.sql import Statement

__all__ = ["Database", "Transaction"]

class Transaction:
    """One open transaction: runs statements of sql/ on its connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def rows(self, statement: "Statement", **parameters: object) -> list[dict[str, Any]]:
        """Return the rows as dicts: for the few rows that are not bound for pandas."""
        with told(self._connection), self._connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(statement.text, parameters)
            return cursor.fetchall() if cursor.description else []

    def table(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return the rows as an Arrow table of `schema`, whose names must be the statement's columns in order."""
        with told(self._connection), self._connection.cursor() as cursor:
            cursor.execute(statement.text, parameters)
            return _to_arrow(cursor, schema)

    def execute(self, statement: "Statement", **parameters: object) -> int:
        """Run a statement that writes; return how many rows it touched."""
        with told(self._connection), self._connection.cursor() as cursor:
            return cursor.execute(statement.text, parameters).rowcount


class Database:
    """A pool of connections to one database under one identity.

    `user_id` acts as that user under row level security, `role` as that role; both are set anew inside
    each transaction, so nothing rests on session state.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        user_id: str | None = None,
        role: str | None = None,
        read_only: bool = False,
        embedded: bool = False,
    ) -> None:
        self.read_only = read_only
        self.embedded = embedded
        self._conninfo = conninfo
        self._role = role or ("authenticated" if user_id else None)
        self._claims = json.dumps({"sub": user_id, "role": self._role}) if user_id else ""
        self._pool = QueuePool(self._open, pool_size=4, max_overflow=12)

    def rows(self, statement: "Statement", **parameters: object) -> list[dict[str, Any]]:
        """Return one read's rows as dicts."""
        with self._reading() as reading:
            return reading.rows(statement, **parameters)

    def table(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return one read's rows as an Arrow table of `schema`."""
        with self._reading() as reading:
            return reading.table(statement, schema, **parameters)

    @contextmanager
    def transaction(self, *, read_only: bool = False, repeatable: bool = False) -> Iterator[Transaction]:
        """Open a transaction under the identity; commit at its end, roll back on an error.

        `repeatable` gives every statement the same snapshot (REPEATABLE READ).
        """
        with self._borrowed() as connection, told(connection):
            connection.read_only = read_only or self.read_only
            connection.isolation_level = (
                psycopg.IsolationLevel.REPEATABLE_READ if repeatable else psycopg.IsolationLevel.READ_COMMITTED
            )
            with connection.transaction():
                self._take_identity(connection)
                yield Transaction(connection)

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Transaction]:
        # Without an identity to set, a lone SELECT needs no BEGIN and COMMIT: one round trip, not three.
        if self._role is None:
            with self._borrowed() as connection:
                yield Transaction(connection)
        else:
            with self.transaction(read_only=True) as transaction:
                yield transaction

    @contextmanager
    def _borrowed(self) -> Iterator[psycopg.Connection[Any]]:
        with told():
            lease = self._pool.connect()
        connection = cast("psycopg.Connection[Any]", lease.dbapi_connection)
        try:
            yield connection
        finally:
            if connection.closed:
                lease.invalidate()
            lease.close()

    def _take_identity(self, connection: psycopg.Connection[Any]) -> None:
        if self._role is not None:
            connection.execute(
                "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
                (self._role, self._claims),
            )

    def _open(self) -> Any:
        return psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None)


def _to_arrow(cursor: psycopg.Cursor[Any], schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    found = [column.name for column in cursor.description or ()]
    if found != schema.names:
        raise SchemaMismatchError(f"The statement returned {found}, expected {schema.names}.")
    columns = zip(*rows, strict=True) if (rows := cursor.fetchall()) else ((),) * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
