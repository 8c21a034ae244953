"""The only layer that imports a database driver: addresses, the embedded server, PostgreSQL connections."""

from shotkit.engine.address import Address, resolve
from shotkit.engine.arrow import Columns, table_of
from shotkit.engine.aside import Aside
from shotkit.engine.connect import open_database
from shotkit.engine.duckdb import DuckDatabase, query
from shotkit.engine.engines import open_snapshot
from shotkit.engine.faults import passing
from shotkit.engine.home import home
from shotkit.engine.listen import Heard, Listener
from shotkit.engine.over_snapshot import SnapshotDatabase
from shotkit.engine.postgres import Database, Read
from shotkit.engine.snapshot import Snapshot, write_manifest
from shotkit.engine.spark import SparkDatabase
from shotkit.engine.stream import Stream
from shotkit.engine.transaction import Answer, Transaction

__all__ = [
    "Address",
    "Answer",
    "Aside",
    "Columns",
    "Database",
    "DuckDatabase",
    "Heard",
    "Listener",
    "Read",
    "Snapshot",
    "SnapshotDatabase",
    "SparkDatabase",
    "Stream",
    "Transaction",
    "home",
    "open_database",
    "open_snapshot",
    "passing",
    "query",
    "resolve",
    "table_of",
    "write_manifest",
]
