"""A snapshot as a database that is read: DuckDB over its Parquet files, with the reading half of Database."""

import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from shotkit.engine.snapshot import Snapshot
from shotkit.errors import CouldNotCompleteError, SchemaMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow as pa

    from shotkit.engine.postgres import Read
    from shotkit.sql import Statement

__all__ = ["DuckDatabase"]

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")


class DuckDatabase:
    """A snapshot under DuckDB: its tables are `public.NAME`, what the server said of itself `server.NAME`.

    Nothing but the snapshot's folder can be read, and nothing written.
    """

    engine: ClassVar[str] = "duckdb"
    read_only: ClassVar[bool] = True
    embedded: ClassVar[bool] = False
    is_scratch: ClassVar[bool] = False
    acts_as: ClassVar[str] = ""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._aside = TemporaryDirectory(prefix="shotkit-")
        self._connection = _open(snapshot, Path(self._aside.name))
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The folder."""
        return f"snapshot {self.snapshot.folder}"

    @property
    def server_version(self) -> str:
        """The version of the server that the snapshot was taken from."""
        return str(self.snapshot.manifest["server_version"])

    def __repr__(self) -> str:
        return f"<DuckDatabase {self.name}>"

    def rows(self, statement: "Statement", **parameters: object) -> list[dict[str, Any]]:
        """Return one read's rows as dicts."""
        found: list[dict[str, Any]] = self._read(statement, parameters).to_pylist()
        return found

    def table(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return one read's rows as an Arrow table of `schema`, whose names must be the columns in order."""
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

        found = self._read(statement, parameters)
        if found.schema.names != schema.names:
            raise SchemaMismatchError(
                f"The statement returned {found.schema.names}, expected {schema.names}."
            )
        try:
            return found.cast(schema)
        except pa.ArrowException as error:
            raise SchemaMismatchError(f"The columns {schema.names} do not fit: {error}") from error

    def tables(self, *reads: "Read") -> "list[pa.Table]":
        """Return the rows of each read as an Arrow table."""
        return [self.table(read.statement, read.schema, **read.parameters) for read in reads]

    @contextmanager
    def transaction(self, *, read_only: bool = True, repeatable: bool = True) -> "Iterator[DuckDatabase]":  # noqa: ARG002  files that do not change are one snapshot in any case
        """Give what reads as one transaction does: the files do not change."""
        yield self

    def close(self) -> None:
        """Close DuckDB and remove what it put aside."""
        self._connection.close()
        self._aside.cleanup()

    def _read(self, statement: "Statement", parameters: dict[str, object]) -> "pa.Table":
        import duckdb  # noqa: PLC0415  heavy: not before a snapshot is opened

        try:
            with self._lock:
                return self._connection.sql(_for_duckdb(statement.text), params=parameters).to_arrow_table()
        except duckdb.Error as error:
            raise _told(statement, error) from error


def _open(snapshot: Snapshot, aside: Path) -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415  heavy: not before a snapshot is opened

    connection = duckdb.connect(":memory:", config={"temp_directory": str(aside)})
    connection.execute("set timezone = 'UTC'")
    for schema, tables in (("public", snapshot.tables), ("server", snapshot.server)):
        connection.execute(f"create schema {schema}")
        for name, table in tables.items():
            files = ", ".join(_text(str(path)) for path in snapshot.paths(table))
            columns = ", ".join(_identifier(column["name"]) for column in table["columns"])
            connection.execute(
                f"create view {schema}.{_identifier(name)} as "  # noqa: S608  quoted; DuckDB binds no names
                f"select {columns} from read_parquet([{files}], hive_partitioning = false)"
            )
    for setting in (
        f"allowed_directories = [{_text(str(snapshot.folder))}, {_text(str(aside))}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
    return connection


def _for_duckdb(text: str) -> str:
    return _PARAMETER.sub(lambda found: f"${found[1]}" if found[1] else "%", text)


def _told(statement: "Statement", error: Exception) -> CouldNotCompleteError:
    kind = (
        SchemaMismatchError
        if type(error).__name__ in {"BinderException", "CatalogException"}
        else CouldNotCompleteError
    )
    said = str(error).partition("\n")[0]
    return kind(f"DuckDB refused sql/{statement.path}.sql over the snapshot: {said}.")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
