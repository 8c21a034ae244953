"""Databases as the production of three eras had them: S, J and A, none of it made by shotkit.

- `era`: the name of an era; a test that takes it runs in each.
- `era_database`: returns the address of a new database of an era, for tests that commit.
- `era_connection`: a superuser's connection to a shared database of that era; rolled back at the end.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

from shotkit.engine.cluster import Cluster
from tests.plugins.servers import create_database

ERAS = ("s", "j", "a")
_FOLDER = Path(__file__).parents[1] / "eras"
_NUMBERS = count()


def schema_of(era: str) -> str:
    """All statements that make a database of the era."""
    files = ("platform", "common", era)
    return "\n".join((_FOLDER / f"{name}.sql").read_text("utf-8") for name in files)


@pytest.fixture(params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def era_template(server: Cluster) -> Callable[[str], str]:
    """Returns the name of a database of an era with nothing in it."""

    @cache
    def made(era: str) -> str:
        name = f"template_{era}_{next(_NUMBERS)}"
        with psycopg.connect(create_database(server, name)) as connection:
            connection.execute(schema_of(era))
        return name

    return made


@pytest.fixture(scope="session")
def shared_era(server: Cluster, era_template: Callable[[str], str]) -> Callable[[str], str]:
    """Returns the address of the database of an era that the run shares."""

    @cache
    def made(era: str) -> str:
        return create_database(server, f"shared_{era}_{next(_NUMBERS)}_scratch", era_template(era))

    return made


@pytest.fixture
def era_database(lend: Callable[..., str], era_template: Callable[[str], str]) -> Callable[[str], str]:
    return lambda era: lend(f"era_{era}", era_template(era))


@pytest.fixture
def era_connection(shared_era: Callable[[str], str], era: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_era(era)) as opened:
        yield opened
        opened.rollback()
