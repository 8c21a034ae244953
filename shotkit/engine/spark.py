"""A snapshot through Spark, on this machine or on a cluster: the same reading interface as over DuckDB."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_connection
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from shotkit.engine.over_snapshot import SnapshotDatabase
from shotkit.errors import (
    ConfigurationError,
    CouldNotCompleteError,
    SchemaMismatchError,
    ServerUnreachableError,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from shotkit.engine.snapshot import Snapshot
    from shotkit.sql import Statement

__all__ = ["SparkDatabase"]

LOCAL = "local[*]"

_PLACE = re.compile(r"\b(public|server)\.(\w+)\b")
_PARAMETER = re.compile(r"%\((\w+)\)s|%%")

# Set on the session alone: a session that is there already keeps its own.
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.cteRecursionLevelLimit": "1000000",  # a chain of generations may be long
    "spark.sql.cteRecursionRowLimit": "-1",
}
# On this machine alone: nothing listens beyond it, nothing is drawn over the terminal.
_ALONE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
_PORTS = {"sc": 15002, "spark": 7077}  # where none is named
_PATIENCE = 10  # seconds
_SHUFFLES = 32  # partitions of a join on this machine; Spark joins small ones by itself


class SparkDatabase(SnapshotDatabase):
    """A snapshot under Spark, at `address`, else SHOTKIT_SPARK, else on this machine.

    An address is a master, `local[*]` or `spark://host:7077`, or `sc://host` of Spark Connect. A cluster
    reads the files itself: the snapshot's folder must be at the same path on each of its machines.
    """

    engine: ClassVar[str] = "spark"

    def __init__(self, snapshot: "Snapshot", address: str | None = None) -> None:
        super().__init__(snapshot)
        self.address = address or os.environ.get("SHOTKIT_SPARK") or LOCAL
        try:
            self._stop_at_end, self._spark = _session(self.address, self.aside)
        except BaseException:
            super().close()
            raise
        for setting, value in _SETTINGS.items():
            self._spark.conf.set(setting, value)
        self._show()

    def close(self) -> None:
        """Drop the views; end the session where this began it."""
        if self._stop_at_end:
            self._spark.stop()
        else:
            for schema, name, _ in self.relations():
                self._spark.catalog.dropTempView(f"{schema}__{name}")
        super().close()

    def _show(self) -> None:
        for schema, name, table in self.relations():
            paths = [str(path) for path in self.snapshot.paths(table)]
            names = [column["name"] for column in table["columns"]]
            rows = self._spark.read.parquet(*paths).select(*[f"`{name}`" for name in names])
            rows.createOrReplaceTempView(f"{schema}__{name}")
        self._spark.createDataFrame(self._columns()).createOrReplaceTempView("server__columns")

    def _columns(self) -> "pa.Table":
        """Return the columns of the core tables, which Spark has no catalog of."""
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is opened

        there = [
            {"table_name": table, "column_name": column["name"]}
            for table, described in self.snapshot.tables.items()
            for column in described["columns"]
        ]
        return pa.Table.from_pylist(there)

    def _read(self, statement: "Statement", parameters: dict[str, object]) -> "pa.Table":
        from pyspark.errors import AnalysisException, PySparkException  # noqa: PLC0415  not before it is used

        text = _PARAMETER.sub(lambda found: f":{found[1]}" if found[1] else "%", statement.text)
        text = _PLACE.sub(r"\1__\2", text)
        try:
            return self._spark.sql(text, parameters or None).toArrow()
        except PySparkException as error:
            kind = SchemaMismatchError if isinstance(error, AnalysisException) else CouldNotCompleteError
            said = str(error).partition("\n")[0]
            raise kind(f"Spark refused sql/{statement.path}.sql over the snapshot: {said}") from error


def _session(address: str, aside: Path) -> "tuple[bool, SparkSession]":
    """Return a session of its own, and whether it is ours to stop."""
    _refuse_unreachable(address)
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415  an extra, and heavy
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError("Spark is not installed: pip install 'shotkit[spark]'.") from error
    if address.startswith("sc://"):
        return True, SparkSession.builder.remote(address).create()
    with suppress(PySparkException):
        return False, SparkSession.active().newSession()
    builder = SparkSession.builder.appName("shotkit").master(address)
    if address.startswith("local"):
        for setting, value in {**_ALONE, "spark.sql.shuffle.partitions": str(_SHUFFLES)}.items():
            builder = builder.config(setting, value)
    log = aside / "spark.log"
    try:
        with _stderr_to(log):
            return True, builder.getOrCreate()
    except (PySparkException, OSError) as error:
        said = log.read_text("utf-8", "replace").strip().partition("\n")[0]
        raise CouldNotCompleteError(
            f"Spark did not start at {address}: {said or error}. It needs Java 17 or later: install one, or "
            "name it in JAVA_HOME."
        ) from error


def _refuse_unreachable(address: str) -> None:
    """Refuse a cluster where nobody answers: Spark itself tries again for minutes."""
    scheme, _, rest = address.partition("://")
    places = rest.partition("/")[0]  # behind it may stand a token
    said = ""
    for place in places.split(",") if scheme in _PORTS else ():
        try:
            parts = urlsplit(f"//{place}")
            with create_connection((parts.hostname or "", parts.port or _PORTS[scheme]), timeout=_PATIENCE):
                return
        except (OSError, ValueError) as error:
            said = str(error)
    if said:
        raise ServerUnreachableError(
            f"No Spark answers at {scheme}://{places}: {said}. Way out: check the address and that it runs."
        )


@contextmanager
def _stderr_to(log: Path) -> Iterator[None]:
    """Let what the Java process says go to a file: it is told if it fails."""
    kept = os.dup(2)
    with log.open("wb") as opened:
        os.dup2(opened.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
