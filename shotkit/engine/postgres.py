"""PostgreSQL through psycopg: one pool, one identity, statements from sql/ only."""

import logging
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, LiteralString

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

from shotkit.engine.address import shown
from shotkit.engine.arrow import Columns
from shotkit.engine.dump import dump_schema
from shotkit.engine.faults import first_line, told
from shotkit.engine.identity import identity
from shotkit.engine.listen import Listener
from shotkit.engine.pool import Pool
from shotkit.engine.pooler import PORT
from shotkit.engine.prepared import OUTDATED, allow, is_allowed
from shotkit.engine.session import open_session, within
from shotkit.engine.stream import Stream, open_stream
from shotkit.engine.transaction import Answer, Transaction
from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.sql import Statement

__all__ = ["Database", "Read"]

_Connection = psycopg.Connection[Any]
_OWN = "select pg_backend_pid()"
_Asked = tuple["Statement", dict[str, object]]

# A pipeline that ends in an error is logged too; unasked, that would be a second line beside the error's own.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Read:
    """A statement that reads, the Arrow schema of its rows, and its parameters."""

    statement: "Statement"
    schema: "pa.Schema"
    parameters: dict[str, object]


class Database:
    """A pool of connections to one database under one identity.

    `user_id` acts as that user under row level security, `role` as that role, `jwt` as a token's bearer; all
    are set anew inside each transaction, so nothing rests on session state. `pooled` says whether a pooler
    lends sessions by transaction; unless it is said, the port tells.
    """

    engine: ClassVar[str] = "postgres"
    partial: ClassVar[frozenset[str]] = frozenset()  # the server says of each table whether rows are hidden

    def __init__(  # noqa: PLR0913  each is a keyword that says whom to act as, and how
        self,
        conninfo: str,
        *,
        user_id: str | None = None,
        role: str | None = None,
        jwt: str | None = None,
        jwt_secret: str | None = None,
        read_only: bool = False,
        embedded: bool = False,
        pooled: bool | None = None,
    ) -> None:
        self.read_only = read_only
        self.embedded = embedded
        self._conninfo = conninfo
        self._identity = identity(user_id, role, jwt, jwt_secret)
        # Whom: '' is whoever the address names.
        self.acts_as = (self._identity.user or self._identity.role) if self._identity else ""
        self._is_stated = pooled is not None
        self.pooled = stated = _by_port(conninfo) if pooled is None else pooled
        self._pool = Pool(lambda: open_session(conninfo, read_only=read_only, pooled=stated))
        weakref.finalize(self, self._pool.close)  # for who forgets to close it

    def is_pooled(self, told: int, own: int) -> bool:
        """Whether a pooler is in between, as far as anything shows it: what is said, the port, the numbers.

        `told` is the session's number as its client was given it, which a pooler makes up, `own` as the
        server has it. What was seen once stays: each transaction from then on brings its settings along.
        """
        self.pooled = self.pooled or told != own
        return self.pooled

    @property
    def name(self) -> str:
        """Where it leads and as whom, without secrets."""
        return shown(self._conninfo) or "libpq's defaults"

    @property
    def database_name(self) -> str:
        """The name of the database on its server."""
        with self._pool.connection() as connection:
            return connection.info.dbname

    @property
    def is_scratch(self) -> bool:
        """Whether nothing real can be in it: the embedded database, or one whose name ends in _scratch."""
        return self.embedded or self.database_name.endswith("_scratch")

    @property
    def server_version(self) -> str:
        """The server's version, such as `18.4`."""
        with self._pool.connection() as connection:
            return (connection.info.parameter_status("server_version") or "unknown").partition(" ")[0]

    def __repr__(self) -> str:
        return f"<Database {self.name}{' read-only' if self.read_only else ''}>"

    def verify(self) -> None:
        """Connect and take on the identity once, so that what is wrong with them is told at once."""
        with self._pool.connection() as connection, told(connection):
            try:
                if self._identity:
                    with connection.transaction():
                        self._set_up(connection)
            except psycopg.errors.InvalidParameterValue as error:
                raise ConfigurationError(
                    f"{first_line(error)} on this server; give user_id or role that fit it."
                ) from None

    def answer(self, statement: "Statement", **parameters: object) -> Answer:
        """Return what the server answered to one read."""
        return self._read("begin read only", (statement, parameters))[0]

    def rows(self, statement: "Statement", **parameters: object) -> list[dict[str, Any]]:
        """Return one read's rows as dicts."""
        return self.answer(statement, **parameters).rows()

    def table(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return one read's rows as an Arrow table of `schema`, whose names must be the columns in order."""
        return self.answer(statement, **parameters).table(schema)

    def bulk(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return the same as table(), over a connection of its own: slower to begin, faster by the row.

        What the statement leaves a uuid comes as 16 bytes.
        """
        self._pool.check_open()
        with self.stream() as stream:
            return stream.table(statement, schema, **parameters)

    def columns(self, *reads: Read) -> list[Columns]:
        """Return each read's values column by column, moments as text, of one snapshot and in one round trip.

        `table_of` makes a table of them.
        """
        asked = [(read.statement, read.parameters) for read in reads]
        answers = self._read("begin isolation level repeatable read read only", *asked)
        return [answer.columns(read.schema) for answer, read in zip(answers, reads, strict=True)]

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, repeatable: bool = False, snapshot: str | None = None
    ) -> Iterator[Transaction]:
        """Open a transaction under the identity; commit at its end, roll back on an error.

        `repeatable` gives every statement the same snapshot (REPEATABLE READ): that which another one
        exported, by its name, or one of its own. BEGIN and the identity go out with the first statement.
        """
        # What says read-only at a session's start may be lost on a pooler.
        mode = " read only" if read_only or self.read_only else ""
        level = "repeatable read" if repeatable else "read committed"
        with self._pool.connection() as connection, told(connection):
            unknown = not self.pooled and not is_allowed(connection)
            own: list[psycopg.Cursor[Any]] = []

            def begin() -> None:
                connection.execute(f"begin isolation level {level}{mode}")
                if snapshot:
                    connection.execute(SQL("set transaction snapshot {}").format(snapshot))
                self._set_up(connection)
                if unknown:
                    own[:] = [connection.execute(_OWN)]

            # An error leaves the transaction open: the pool rolls back what is handed back so.
            yield Transaction(connection, begin)
            connection.commit()
            if own:
                self._allow(connection, own[0])

    @contextmanager
    def stream(self) -> Iterator[Stream]:
        """Open a repeatable-read, read-only transaction under the identity that reads in bulk, as Arrow."""
        with open_stream(self._conninfo, self._identity, pooled=self.pooled) as stream:
            yield stream

    def schema(self, *, bare: bool = True) -> str:
        """Return the statements that make its schema public, by pg_dump: no rows, nothing is written.

        Where it is `bare`, there are no rights and comments either.
        """
        return dump_schema(self._conninfo, bare=bare)

    def listen(self) -> Listener:
        """Open a session of its own that hears NOTIFY; without the identity, which it does not need."""
        return Listener(self._conninfo, read_only=self.read_only)

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def _read(self, begin: LiteralString, *asked: _Asked) -> list[Answer]:
        with self._pool.connection() as connection, told(connection):
            try:
                prepare = is_allowed(connection) and not self.pooled
                return self._answers(connection, begin, asked, prepare=prepare)
            except OUTDATED:  # somebody changed a column, or let go of what was prepared
                if not is_allowed(connection):
                    raise
                connection.close()
        with self._pool.connection() as connection, told(connection):
            return self._answers(connection, begin, asked, prepare=False)

    def _answers(
        self, connection: _Connection, begin: LiteralString, asked: tuple[_Asked, ...], *, prepare: bool
    ) -> list[Answer]:
        # One round trip: BEGIN, identity, statements and COMMIT go out together. The server refuses a write.
        unknown = not self.pooled and not is_allowed(connection)
        with connection.pipeline():
            connection.execute(begin)
            self._set_up(connection, prepare=prepare)
            own = connection.execute(_OWN) if unknown else None
            cursors = [
                connection.cursor().execute(text.text, given, prepare=prepare and "prepared" in text.head)
                for text, given in asked
            ]
            connection.execute("commit")
        if own:
            self._allow(connection, own)
        return [Answer(connection, cursor) for cursor in cursors]

    def _allow(self, connection: _Connection, own: "psycopg.Cursor[Any]") -> None:
        if not connection.closed and not self.is_pooled(connection.info.backend_pid, own.fetchall()[0][0]):
            allow(connection)

    def _set_up(self, connection: _Connection, *, prepare: bool = False) -> None:
        if not self._is_stated and connection.info.port == PORT:  # of a service, or of PGPORT
            self.pooled = True
        if settings := within(self._identity, pooled=self.pooled):
            each = ", ".join(["set_config(%s, %s, true)"] * len(settings))
            given = [part for pair in settings.items() for part in pair]
            connection.execute(f"select {each}", given, prepare=prepare)


def _by_port(conninfo: str) -> bool:
    return str(PORT) in str(conninfo_to_dict(conninfo).get("port", "")).split(",")
