"""Snapshots for the tests: of the demo, in a database of the run's own on each server."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from shotkit.demo.fill import fill
from shotkit.engine import Database, Snapshot
from shotkit.engine.cluster import Cluster
from shotkit.snapshot import take
from shotkit.storage import Store
from tests.plugins.servers import create_database


@pytest.fixture(scope="session")
def filled_database(server: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with the small demo in it, shared by the run: nothing is written there."""
    conninfo = create_database(server, f"filled_{template}_scratch", template)
    with closing(Database(conninfo)) as database:
        fill(database, Store(tmp_path_factory.mktemp("storage")))
    return conninfo


@pytest.fixture(scope="session")
def demo_snapshot(filled_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A snapshot of the small demo, shared by the run; copy its folder before changing anything there."""
    folder = tmp_path_factory.mktemp("snapshot") / "demo"
    with closing(Database(filled_database, read_only=True)) as database:
        yield take(database, folder)
