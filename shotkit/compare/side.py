"""One side of a comparison: what it shows and what it is asked, of one moment and in few round trips."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shotkit import sql
from shotkit.compare.shared import Shown, Table, shown
from shotkit.compare.words import WORDS, Words
from shotkit.engine import SnapshotDatabase
from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database, Transaction

__all__ = ["Asked", "Side", "opened"]


@dataclass(frozen=True)
class Asked:
    """A statement, the columns of its rows in Arrow, and its parameters."""

    statement: sql.Statement
    schema: "pa.Schema"
    parameters: dict[str, object]


class Side:
    """A live database in one transaction, read as a repeatable read."""

    def __init__(self, database: "Database | SnapshotDatabase", transaction: Any) -> None:
        self.name = database.name
        self.words: Words = WORDS[database.engine]
        self._database = database
        self._transaction: Transaction = transaction

    def shown(self) -> Shown:
        """Return the tables that it shows; lift the time limit, for what follows takes long."""
        with self._transaction.pipeline():
            self._transaction.run(sql.statement("audit/unhurried"))
            answer = self._transaction.run(sql.statement("compare/columns"))
        return shown(self.name, self._database.acts_as, answer.rows())

    def ask(self, asked: list[Asked]) -> "list[pa.Table]":
        """Return the answers, all in one round trip."""
        with self._transaction.pipeline():
            answers = [self._transaction.run(each.statement, **each.parameters) for each in asked]
        return [answer.table(each.schema) for answer, each in zip(answers, asked, strict=True)]


class SnapshotSide(Side):
    """A snapshot, whose files do not change."""

    def __init__(self, database: SnapshotDatabase) -> None:
        super().__init__(database, database)
        self._snapshot = database

    def shown(self) -> Shown:
        """Return the tables that its manifest describes."""
        manifest, described = self._snapshot.snapshot.manifest, self._snapshot.snapshot.tables
        types = {(t, c["name"]): c["type"] for t, each in described.items() for c in each["columns"]}
        rows = [
            row | {"type": types[row["table_name"], row["column_name"]]}
            for row in self._snapshot.rows(sql.statement("compare/columns"))
        ]
        found, partial = shown(self.name, manifest["acts_as"], rows), self._snapshot.partial
        tables: dict[str, Table] = {
            name: replace(table, about_rows=described[name]["rows"], is_partial=name in partial)
            for name, table in found.tables.items()
        }
        return replace(found, tables=tables)

    def ask(self, asked: list[Asked]) -> "list[pa.Table]":
        """Return the answers."""
        return [self._snapshot.table(each.statement, each.schema, **each.parameters) for each in asked]


@contextmanager
def opened(database: "Database | SnapshotDatabase") -> Iterator[Side]:
    """Open a side for as long as it is compared."""
    if database.engine not in WORDS:
        raise ConfigurationError(
            f"{database.name} is open under {database.engine}; what compares is {' or '.join(WORDS)}."
        )
    if isinstance(database, SnapshotDatabase):
        yield SnapshotSide(database)
        return
    with database.transaction(read_only=True, repeatable=True) as transaction:
        yield Side(database, transaction)
