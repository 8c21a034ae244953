import psycopg
import pytest

from tests.schema.world import World


@pytest.fixture
def world(connection: psycopg.Connection) -> World:
    """A user with a project, in a transaction that is rolled back."""
    return World(connection)
