"""What the audit's tests share: a world of their own in a database of their own, and its findings."""

import json
from collections.abc import Callable, Iterator

import pandas as pd
import psycopg
import pytest

from shotkit.audit import Report, run
from shotkit.engine import Database
from tests.audit.studio import IDS, Studio
from tests.audit.world import G, S, World, right_documents


@pytest.fixture
def world(database: str) -> Iterator[World]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield World(connection)


@pytest.fixture
def studio(database: str, schema: str) -> Iterator[Studio]:
    with psycopg.connect(database, autocommit=True) as connection:
        made = Studio(connection, newer=schema != "s")
        if schema == "a":  # which makes a parent with each shot, of which the stories do not tell
            connection.execute("delete from generations where id <> all (%s::uuid[])", [list(IDS.values())])
        # As triggers of ours do it.
        connection.execute(
            "update generation_variants as v set project_id = g.project_id from generations as g"
            " where g.id = v.generation_id and v.project_id is null"
        )
        yield made


@pytest.fixture
def opened(database: str) -> Iterator[Callable[..., Database]]:
    """Opens the test's own database as often as asked; closes all at the end."""
    made = []

    def open_it(**options: object) -> Database:
        made.append(Database(database, **options))
        return made[-1]

    yield open_it
    for each in made:
        each.close()


@pytest.fixture
def db(opened: Callable[..., Database]) -> Database:
    return opened()


def found(report: Report) -> set[tuple[str, str | None, str]]:
    columns = report.findings[["generation_id", "shot_id", "verdict"]]
    rows = [
        tuple(None if pd.isna(value) else value for value in row) for row in columns.itertuples(index=False)
    ]
    assert len(rows) == len(set(rows)), "one finding a generation and key"
    return set(rows)


def findings(database: Database) -> set[tuple[str, str | None, str]]:
    return found(run(database, "0001"))


LINKS = [(G[n], S[n % 3], n * 10) for n in range(8)] + [(G[0], S[1], None), (G[0], S[0], 5)]


def drift(world: World) -> World:
    """Build a world in which G[0] to G[2] are wrong and all else is right; no trigger mends it."""
    world.build(right_documents(G, LINKS), LINKS)
    world.store(G[0], "{}")
    world.store(G[1], "[1]")
    world.store(G[2], json.dumps({S[2]: [20], "x": [1]}))
    return world
