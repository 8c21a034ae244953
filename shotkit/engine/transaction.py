"""One open transaction: runs statements of sql/, one by one or many in one round trip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from shotkit.engine.arrow import Columns, columns_of, names_of, table_of
from shotkit.engine.faults import told
from shotkit.engine.identity import acting
from shotkit.sql import statement as ours

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.sql import Statement

__all__ = ["Answer", "Transaction"]

_Connection = psycopg.Connection[Any]


class Answer:
    """What the server answered to one statement; read inside a pipeline, it is waited for."""

    def __init__(self, connection: _Connection, cursor: "psycopg.Cursor[tuple[Any, ...]]") -> None:
        self._connection = connection
        self._cursor = cursor
        self._tuples: list[tuple[Any, ...]] | None = None
        self.session_pid = connection.info.backend_pid  # as this client was told when it connected

    @property
    def count(self) -> int:
        """How many rows the statement returned or touched; to be read after the pipeline."""
        return self._cursor.rowcount

    def tuples(self) -> list[tuple[Any, ...]]:
        """Return the rows as tuples."""
        if self._tuples is None:
            with told(self._connection):
                answer = self._cursor.pgresult
                silent = answer and not answer.nfields  # answered, without rows
                self._tuples = [] if silent else self._cursor.fetchall()
        return self._tuples

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as dicts: for the few rows that are not bound for pandas."""
        found = self.tuples()
        # The cursor's description would make an object a column first.
        names = names_of(self._cursor.pgresult) if self._cursor.pgresult else []
        return [dict(zip(names, row, strict=True)) for row in found]

    def columns(self, schema: "pa.Schema") -> Columns:
        """Return the values column by column, moments as text; their names must be the schema's in order."""
        with told(self._connection):
            if not self._cursor.pgresult:
                self._cursor.fetchone()  # inside a pipeline: waits
            if not (answer := self._cursor.pgresult):
                raise AssertionError("An answer that was waited for is there.")
            return columns_of(answer, schema)

    def table(self, schema: "pa.Schema") -> "pa.Table":
        """Return the rows as an Arrow table of `schema`, whose names must be the columns in order."""
        return table_of(self.columns(schema), schema)


class Transaction:
    """One open transaction; `begin` opens it, in the round trip of its first statement."""

    def __init__(self, connection: _Connection, begin: Callable[[], None]) -> None:
        self._connection = connection
        self._begins = begin
        self._begin: Callable[[], None] | None = begin
        self._prepare = False

    @contextmanager
    def pipeline(self, *, prepared: bool = False) -> Iterator[None]:
        """Send what runs inside in one round trip, each statement still on a snapshot of its own.

        Where one fails, those behind it are not run. `prepared` says that what fails is tried otherwise after
        `start_over`, so that statements may be kept prepared, and fail where the tables changed since.
        """
        self._prepare = prepared
        try:
            with told(self._connection), self._connection.pipeline():
                if self._begin:
                    begin, self._begin = self._begin, None
                    begin()
                yield
        finally:
            self._prepare = False

    def run(self, statement: "Statement", **parameters: object) -> Answer:
        """Run a statement; inside a pipeline, send it, and it must be one statement."""
        if self._begin:
            with self.pipeline():
                if parameters:
                    return self.run(statement, **parameters)
            # Without parameters the text may hold several statements, which no pipeline takes.
        with told(self._connection):
            prepare = self._prepare and "prepared" in statement.head
            cursor = self._connection.cursor().execute(statement.text, parameters, prepare=prepare)
            return Answer(self._connection, cursor)

    def act_as(self, user_id: str) -> None:
        """Act as a user from here to the transaction's end."""
        user = acting(user_id)
        self.run(ours("session/act_as"), role=user.role, claims=user.claims)

    def rows(self, statement: "Statement", **parameters: object) -> list[dict[str, Any]]:
        """Return the rows as dicts: for the few rows that are not bound for pandas."""
        return self.run(statement, **parameters).rows()

    def table(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return the rows as an Arrow table of `schema`, whose names must be the columns in order."""
        return self.run(statement, **parameters).table(schema)

    def start_over(self) -> None:
        """Roll back all, what is kept prepared included, and begin anew, on a later snapshot."""
        with told(self._connection):
            self._connection.rollback()
        self._begin = self._begins

    def cancel(self) -> None:
        """Have the server give up what runs here, if anything does; may be called from another thread."""
        with told(self._connection):
            self._connection.cancel_safe()

    def execute(self, statement: "Statement", **parameters: object) -> int:
        """Run a statement that writes; return how many rows it touched."""
        return self.run(statement, **parameters).count
