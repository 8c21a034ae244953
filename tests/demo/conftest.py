from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from shotkit.demo.fill import fill
from shotkit.engine import Database
from shotkit.engine.cluster import Cluster
from shotkit.storage import Store
from tests.plugins.servers import create_database

_NUMBERS = count()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One store for the run: the pictures are the same in every database."""
    return Store(tmp_path_factory.mktemp("demo") / "storage")


@dataclass
class Demo:
    conninfo: str
    database: Database
    store: Store


@pytest.fixture(scope="session")
def filled(server: Cluster, template: str, store: Store) -> str:
    """The name of a database with the small demo in it."""
    name = f"demo_{next(_NUMBERS)}_scratch"
    database = Database(create_database(server, name, template))
    fill(database, store)
    database.close()
    return name


@pytest.fixture
def clone(lend: Callable[..., str], filled: str, store: Store) -> Iterator[Demo]:
    """A small demo of the test's own."""
    conninfo = lend("demo", filled)
    database = Database(conninfo)
    yield Demo(conninfo, database, store)
    database.close()


@pytest.fixture
def empty(lend: Callable[..., str], template: str, store: Store) -> Iterator[Demo]:
    conninfo = lend("demo", template)
    database = Database(conninfo)
    yield Demo(conninfo, database, store)
    database.close()


@pytest.fixture
def small(server: Cluster, filled: str) -> Iterator[psycopg.Connection]:
    """A connection to the small demo; rolled back."""
    with psycopg.connect(server.conninfo(filled)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def dump() -> Callable[[str], dict[str, bytes]]:
    """Every row of every table the demo fills, as COPY writes them."""

    def read(conninfo: str) -> dict[str, bytes]:
        with psycopg.connect(conninfo) as connection:
            return {table: _copy(connection, table) for table in TABLES}

    return read


TABLES = (
    "users", "projects", "shots", "tasks", "generations", "generation_variants", "shot_generations",
    "credits_ledger", "storage.objects",
)  # fmt: skip


def _copy(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f"copy (select * from {table} order by id) to stdout") as copy:
        return b"".join(copy)


def pictures(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
