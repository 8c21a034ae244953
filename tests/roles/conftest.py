from collections.abc import Iterator

import psycopg
import pytest

from tests.load.conftest import kits, world
from tests.plugins.servers import create_database
from tests.roles.scene import Scene, made

__all__ = ["kits", "scene", "world"]


@pytest.fixture(scope="session")
def scene(server, template: str) -> Iterator[Scene]:
    """The scene in a database of the run's own; whatever is tried there is taken back."""
    with psycopg.connect(create_database(server, f"roles_{template}_scratch", template)) as connection:
        yield made(connection)
        connection.rollback()
