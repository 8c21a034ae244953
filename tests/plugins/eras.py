"""Databases as the production of three eras had them: S, J and A, none of it made by shotkit.

- `era`: the name of an era; a test that takes it runs in each.
- `era_database`: returns the address of a new database of an era, for tests that commit.
- `era_connection`: a superuser's connection to a shared database of that era; rolled back at the end.
- `schema`: whose schema `database` has, our own or an era's. What stands in SUITES runs on all of them, but
  for what is marked `only_on(*schemas, because=...)`; `without(*triggers, because=...)` takes triggers from
  the eras.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

from shotkit.engine.cluster import Cluster
from tests.plugins.servers import create_database

OWN = "own"
ERAS = ("s", "j", "a")
SUITES = {"audit", "load", "mutate"}
WITHOUT = """
    select format('drop trigger %%I on %%s', tgname, tgrelid::regclass)
    from pg_trigger where tgname = any (%s)
"""
_FOLDER = Path(__file__).parents[1] / "eras"
_NUMBERS = count()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only_on(*schemas, because): the schemas that the test is about")
    config.addinivalue_line("markers", "without(*triggers, because): what the eras do not have in the test")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.split(".")[1] in SUITES and "schema" in metafunc.fixturenames:
        metafunc.parametrize("schema", (OWN, *ERAS), indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the schemas that a test is not about."""
    items[:] = [item for item in items if _is_wanted(item)]


def _is_wanted(item: pytest.Item) -> bool:
    given = item.callspec.params if hasattr(item, "callspec") else {}
    schema = given.get("schema", OWN)
    return all(schema in mark.args for mark in item.iter_markers("only_on") if mark.kwargs["because"])


def schema_of(era: str) -> str:
    """All statements that make a database of the era."""
    files = ("platform", "common", era)
    return "\n".join((_FOLDER / f"{name}.sql").read_text("utf-8") for name in files)


@pytest.fixture(params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def schema(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", OWN)


@pytest.fixture
def schema_template(request: pytest.FixtureRequest, schema: str) -> str:
    """The name of a database of the schema with nothing in it."""
    if schema == OWN:
        return request.getfixturevalue("template")
    marks = [mark for mark in request.node.iter_markers("without") if mark.kwargs["because"]]
    triggers = sorted({trigger for mark in marks for trigger in mark.args})
    return request.getfixturevalue("era_template")(schema, *triggers)


@pytest.fixture(scope="session")
def era_template(server: Cluster) -> Callable[..., str]:
    """Returns the name of a database of an era, without triggers that are named, with nothing in it."""

    @cache
    def made(era: str, *triggers: str) -> str:
        name = f"template_{era}_{next(_NUMBERS)}"
        with psycopg.connect(create_database(server, name)) as connection:
            connection.execute(schema_of(era))
            for (statement,) in connection.execute(WITHOUT, [list(triggers)]).fetchall():
                connection.execute(statement)
        return name

    return made


@pytest.fixture(scope="session")
def shared_era(server: Cluster, era_template: Callable[..., str]) -> Callable[[str], str]:
    """Returns the address of the database of an era that the run shares."""

    @cache
    def made(era: str) -> str:
        return create_database(server, f"shared_{era}_{next(_NUMBERS)}_scratch", era_template(era))

    return made


@pytest.fixture
def era_database(lend: Callable[..., str], era_template: Callable[..., str]) -> Callable[[str], str]:
    return lambda era: lend(f"era_{era}", era_template(era))


@pytest.fixture
def era_connection(shared_era: Callable[[str], str], era: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_era(era)) as opened:
        yield opened
        opened.rollback()
