from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from tests.load.conftest import kits, world
from tests.plugins.servers import create_database
from tests.roles.scene import Scene, made

__all__ = ["kits", "scene", "world"]


_NUMBERS = count()


@pytest.fixture(scope="module")
def scene(server, template: str) -> Iterator[Scene]:
    """The scene in a database of the module's own; whatever is tried there is taken back."""
    name = f"roles_{next(_NUMBERS)}_scratch"
    with psycopg.connect(create_database(server, name, template)) as connection:
        yield made(connection)
        connection.rollback()
