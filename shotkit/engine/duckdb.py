"""A snapshot as a database that is read: DuckDB over its Parquet files, with the reading half of Database."""

import os
import re
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from shotkit import sql
from shotkit.engine.aside import Aside
from shotkit.engine.over_snapshot import SnapshotDatabase
from shotkit.engine.snapshot import Snapshot
from shotkit.errors import ConfigurationError, CouldNotCompleteError, InvalidChangeError, SchemaMismatchError
from shotkit.given import storable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    import pyarrow as pa

    from shotkit.sql import Statement

__all__ = ["DuckDatabase", "query"]

MEMORY = "2GB"  # what does not fit is put aside on the disk
_SIZE = re.compile(r"[1-9]\d{0,5} ?[MG]i?B", re.ASCII)
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

    def cursor(self) -> "duckdb.DuckDBPyConnection":
        """Return a connection of its own to the same tables."""
        self.check_open()
        return self._connection.cursor()

    def close(self) -> None:
        """Close DuckDB and remove what it put aside."""
        self._connection.close()
        super().close()

    def _read(self, statement: "Statement", parameters: dict[str, object]) -> "pa.Table":
        import duckdb  # noqa: PLC0415  heavy: not before a snapshot is opened

        self.check_open()
        try:
            with self._lock:
                return _answer(self._connection, _in_its_words(statement), parameters)
        except duckdb.Error as error:
            raise _told(statement, error) from error


def query(
    database: object,
    text: str,
    params: "Sequence[object] | Mapping[str, object] | None",
    frames: "Mapping[str, object]",
) -> "pa.Table":
    """Return the rows of one SELECT of a user's, over `frames` by name and the tables of a snapshot."""
    if not isinstance(text, str):
        raise ConfigurationError(
            f"kit.sql() takes the text of one SELECT, found {type(text).__name__} {str(text)[:40]!r}; give "
            "it first, and frames by name: kit.sql(text, t=shot.timeline())."
        )
    duckdb, text = _duckdb(), storable(text, "SQL text")
    with database.cursor() if isinstance(database, DuckDatabase) else _locked(duckdb.connect(), []) as own:
        try:
            statements = duckdb.extract_statements(text)
            kinds = [str(each.type).rpartition(".")[2] for each in statements]
            if kinds != ["SELECT"]:
                raise InvalidChangeError(
                    f"kit.sql() takes one SELECT and writes nothing; it found {', '.join(kinds) or 'none'}."
                )
            for name, frame in frames.items():
                own.register(name, frame)
            return _answer(own, text, params)
        except duckdb.Error as error:
            raise ConfigurationError(f"DuckDB could not run it: {error}{_way_out(error, frames)}") from error


def _way_out(error: Exception, frames: "Mapping[str, object]") -> str:
    if not str(error).startswith("Catalog Error: Table with name"):
        return ""
    return (
        "\n\nWay out: give each frame by the name that it has in the text, kit.sql(text, t=shot.timeline()); "
        f"given: {', '.join(frames) or 'none'}. A snapshot's tables are there too where the kit is on one."
    )


def _answer(connection: "duckdb.DuckDBPyConnection", text: str, params: Any) -> "pa.Table":
    with Aside(connection.interrupt) as aside:
        return aside.run(lambda: connection.sql(text, params=params).to_arrow_table())


def _duckdb() -> Any:
    try:
        import duckdb  # noqa: PLC0415  heavy: not before a snapshot is opened
    except ImportError as error:
        raise ConfigurationError("DuckDB is not installed: pip install duckdb.") from error
    return duckdb


def _memory() -> str:
    value = os.environ.get("SHOTKIT_DUCKDB_MEMORY") or MEMORY
    if not _SIZE.fullmatch(value):
        raise ConfigurationError(f"SHOTKIT_DUCKDB_MEMORY is {value!r}; give a text like 500MB or 4GB.")
    return value


def _open(database: SnapshotDatabase) -> "duckdb.DuckDBPyConnection":
    snapshot, aside = database.snapshot, str(database.aside)
    limits = {"temp_directory": aside, "memory_limit": _memory()}
    connection = _duckdb().connect(":memory:", config=limits)
    connection.execute("set timezone = 'UTC'; create schema public; create schema server")
    for schema, name, table in database.relations():
        files = ", ".join(_text(str(path)) for path in snapshot.paths(table))
        columns = ", ".join(_identifier(column["name"]) for column in table["columns"])
        connection.execute(
            f"create view {schema}.{_identifier(name)} as "  # noqa: S608  quoted; DuckDB binds no names
            f"select {columns} from read_parquet([{files}], hive_partitioning = false)"
        )
    return _locked(connection, [str(snapshot.folder), aside])


def _locked(connection: "duckdb.DuckDBPyConnection", folders: list[str]) -> "duckdb.DuckDBPyConnection":
    """Let nothing be read but these folders, neither a file nor a variable of the caller's."""
    for setting in (
        f"allowed_directories = [{', '.join(map(_text, folders))}]",
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
    return connection


def _in_its_words(statement: "Statement") -> str:
    """Return the text for DuckDB: that of the file of the same name in `duckdb/`, if one is there."""
    folder, _, name = statement.path.rpartition("/")
    own = f"{folder}/duckdb/{name}"
    text = sql.statement(own).text if sql.exists(own) else statement.text
    text = text.replace("::uuid", "::varchar")  # ids are text in a snapshot
    return _PARAMETER.sub(lambda found: f"${found[1]}" if found[1] else "%", text)


def _told(statement: "Statement", error: Exception) -> CouldNotCompleteError:
    kind = (
        SchemaMismatchError
        if type(error).__name__ in {"BinderException", "CatalogException"}
        else CouldNotCompleteError
    )
    said = str(error).partition("\n")[0]
    if type(error).__name__ == "OutOfMemoryException":
        said += " Way out: more in SHOTKIT_DUCKDB_MEMORY, or more room in the folder SHOTKIT_SPILL"
    return kind(f"DuckDB refused sql/{statement.path}.sql over the snapshot: {said}.")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
