"""The engines that read a snapshot, by their names."""

from typing import TYPE_CHECKING

from shotkit.engine.duckdb import DuckDatabase
from shotkit.engine.spark import SparkDatabase
from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    from shotkit.engine.over_snapshot import SnapshotDatabase
    from shotkit.engine.snapshot import Snapshot

__all__ = ["OVER_A_SNAPSHOT", "open_snapshot"]

OVER_A_SNAPSHOT: "dict[str, type[SnapshotDatabase]]" = {"duckdb": DuckDatabase, "spark": SparkDatabase}


def open_snapshot(snapshot: "Snapshot", engine: str = "duckdb") -> "SnapshotDatabase":
    """Open a snapshot under one of OVER_A_SNAPSHOT."""
    if engine not in OVER_A_SNAPSHOT:
        raise ConfigurationError(
            f"{engine!r} reads no snapshot; these engines do: {', '.join(OVER_A_SNAPSHOT)}."
        )
    return OVER_A_SNAPSHOT[engine](snapshot)
