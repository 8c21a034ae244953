"""What every engine over a snapshot is: the reading half of Database, over files that do not change."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, Self

from shotkit.errors import ConfigurationError, ReadOnlyError, SchemaMismatchError

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine.arrow import Columns
    from shotkit.engine.postgres import Read
    from shotkit.engine.snapshot import Snapshot
    from shotkit.sql import Statement

__all__ = ["SnapshotDatabase"]


def _folder_aside() -> "TemporaryDirectory[str]":
    place = os.environ.get("SHOTKIT_SPILL") or None
    try:
        return TemporaryDirectory(prefix="shotkit-", dir=place)
    except OSError as error:
        raise ConfigurationError(
            f"What does not fit into memory cannot be put aside: {error.strerror or error}. Name a folder "
            "that is there and has room in SHOTKIT_SPILL."
        ) from error


class SnapshotDatabase(ABC):
    """A snapshot as a database: its tables are `public.NAME`, what the server said of itself `server.NAME`.

    Nothing but the snapshot's folder can be read, and nothing written.
    """

    engine: ClassVar[str]
    read_only: ClassVar[bool] = True
    embedded: ClassVar[bool] = False
    is_scratch: ClassVar[bool] = False
    acts_as: ClassVar[str] = ""

    def __init__(self, snapshot: "Snapshot") -> None:
        self.snapshot = snapshot
        self._aside = _folder_aside()
        self._closed = False

    @property
    def name(self) -> str:
        """The folder."""
        return f"snapshot {self.snapshot.folder}"

    @property
    def partial(self) -> frozenset[str]:
        """The tables of which row level security may have hidden rows from whoever took the snapshot."""
        return self.snapshot.partial

    @property
    def server_version(self) -> str:
        """The version of the server that the snapshot was taken from."""
        return str(self.snapshot.manifest["server_version"])

    @property
    def aside(self) -> Path:
        """A folder for what does not fit into memory; it goes with the database."""
        return Path(self._aside.name)

    def relations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Return the schema, name and description of each table."""
        for schema, tables in (("public", self.snapshot.tables), ("server", self.snapshot.server)):
            for name, table in tables.items():
                yield schema, name, table

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

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

    def bulk(self, statement: "Statement", schema: "pa.Schema", **parameters: object) -> "pa.Table":
        """Return the same as table()."""
        return self.table(statement, schema, **parameters)

    def columns(self, *reads: "Read") -> "list[Columns]":
        """Return each read's values column by column, moments as text."""
        tables = (self.table(read.statement, read.schema, **read.parameters) for read in reads)
        return [[_values(column) for column in table.columns] for table in tables]

    @contextmanager
    def transaction(
        self,
        *,
        read_only: bool = False,
        repeatable: bool = False,  # noqa: ARG002  every read of files that do not change is
    ) -> Iterator[Self]:
        """Give what reads as one transaction does; without `read_only` it is refused."""
        if not read_only:
            raise ReadOnlyError(f"The {self.name} is read-only; connect to a database to change anything.")
        yield self

    def close(self) -> None:
        """Remove what was put aside; answer no more."""
        self._closed = True
        self._aside.cleanup()

    def check_open(self) -> None:
        """Refuse what is asked after the end."""
        if self._closed:
            raise ConfigurationError(
                f"This kit on the {self.name} is closed; open it again with shotkit.connect()."
            )

    @abstractmethod
    def _read(self, statement: "Statement", parameters: dict[str, object]) -> "pa.Table":
        """Return a statement's rows."""


def _values(column: "pa.ChunkedArray") -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a table is asked for

    found: list[Any] = (
        column.cast(pa.string()) if pa.types.is_timestamp(column.type) else column
    ).to_pylist()
    return found
