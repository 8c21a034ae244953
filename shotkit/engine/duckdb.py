"""A snapshot as a database that is read: DuckDB over its Parquet files, with the reading half of Database."""

import re
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from shotkit.engine.over_snapshot import SnapshotDatabase
from shotkit.engine.snapshot import Snapshot
from shotkit.errors import ConfigurationError, CouldNotCompleteError, SchemaMismatchError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from shotkit.sql import Statement

__all__ = ["DuckDatabase"]

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")


class DuckDatabase(SnapshotDatabase):
    """A snapshot under DuckDB, in this process."""

    engine: ClassVar[str] = "duckdb"

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        try:
            self._connection = _open(self)
        except BaseException:
            super().close()
            raise
        self._lock = Lock()

    def close(self) -> None:
        """Close DuckDB and remove what it put aside."""
        self._connection.close()
        super().close()

    def _read(self, statement: "Statement", parameters: dict[str, object]) -> "pa.Table":
        import duckdb  # noqa: PLC0415  heavy: not before a snapshot is opened

        try:
            with self._lock:
                return self._connection.sql(_for_duckdb(statement.text), params=parameters).to_arrow_table()
        except duckdb.Error as error:
            raise _told(statement, error) from error


def _open(database: SnapshotDatabase) -> "duckdb.DuckDBPyConnection":
    try:
        import duckdb  # noqa: PLC0415  heavy: not before a snapshot is opened
    except ImportError as error:
        raise ConfigurationError("DuckDB is not installed: pip install duckdb.") from error

    snapshot, aside = database.snapshot, str(database.aside)
    connection = duckdb.connect(":memory:", config={"temp_directory": aside})
    connection.execute("set timezone = 'UTC'; create schema public; create schema server")
    for schema, name, table in database.relations():
        files = ", ".join(_text(str(path)) for path in snapshot.paths(table))
        columns = ", ".join(_identifier(column["name"]) for column in table["columns"])
        connection.execute(
            f"create view {schema}.{_identifier(name)} as "  # noqa: S608  quoted; DuckDB binds no names
            f"select {columns} from read_parquet([{files}], hive_partitioning = false)"
        )
    for setting in (
        f"allowed_directories = [{_text(str(snapshot.folder))}, {_text(aside)}]",
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
