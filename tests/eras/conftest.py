"""What the tests on the eras' databases share: a world of rows that are committed, and a kit on it."""

from collections.abc import Iterator

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.storage import Store
from tests.audit.studio import IDS, Studio
from tests.load.conftest import World


@pytest.fixture
def address(era_database, era) -> str:
    return era_database(era)


@pytest.fixture
def world(address: str) -> Iterator[World]:
    with psycopg.connect(address, autocommit=True) as connection:
        yield World(connection)


@pytest.fixture
def kit(address: str, tmp_path) -> Iterator[Kit]:
    with Kit(Database(address), Store(tmp_path), Journal(tmp_path / "journal.sqlite")) as opened:
        yield opened


@pytest.fixture
def studio(address: str, era: str) -> Iterator[Studio]:
    with psycopg.connect(address, autocommit=True) as connection:
        made = Studio(connection, newer=era != "s")
        # A makes a parent with each shot, of which the stories do not tell.
        connection.execute("delete from generations where id <> all (%s::uuid[])", [list(IDS.values())])
        yield made


@pytest.fixture
def db(address: str) -> Iterator[Database]:
    database = Database(address)
    yield database
    database.close()
