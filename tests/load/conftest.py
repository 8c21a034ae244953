"""What the loading tests share: a small world in a database of its own, and a kit on it."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from shotkit.engine import Database
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.shot import Shot
from shotkit.storage import Store

Kits = Callable[..., Kit]
MAKE_NO_ORIGINAL = ("j", "a")
SHOWN = ("location", "thumbnail_url", "params", "name", "project_id")


class World:
    """One user with one project; makes rows as the server's owner and returns their ids.

    Where its schema is given the rows are alike in all: no parent of a shot, an original of each location.
    """

    def __init__(self, connection: psycopg.Connection, schema: str | None = None) -> None:
        self.connection, self.schema = connection, schema
        if schema == "a":
            connection.execute("alter table public.shots disable trigger trg_make_parent_of_shot")
        self.user = self.insert("users", name="Ada")
        self.project = self.insert("projects", name="Film", user_id=self.user)

    def insert(self, table: str, **columns: Any) -> str:
        names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
        statement = f"insert into public.{table} ({names}) values ({places}) returning id::text"
        return self.connection.execute(statement, list(columns.values())).fetchone()[0]

    def shot(self, name: str = "Dawn", project: str | None = None) -> str:
        return self.insert("shots", name=name, project_id=project or self.project)

    def generation(self, project: str | None = None, **columns: Any) -> str:
        columns = {"location": "/a.png", "type": "image", "project_id": project or self.project} | columns
        made = self.insert("generations", **columns)
        if self.schema in MAKE_NO_ORIGINAL and columns["location"] is not None:
            shown = {name: columns[name] for name in SHOWN if name in columns}
            original = shown | {"is_primary": True, "variant_type": "original"}
            self.insert("generation_variants", generation_id=made, **original)
        return made

    def link(self, shot: str, generation: str, frame: int | None = None, metadata: Any = None) -> str:
        stored = None if metadata is None else Jsonb(metadata)
        return self.insert(
            "shot_generations", shot_id=shot, generation_id=generation, timeline_frame=frame, metadata=stored
        )

    def store(self, generation: str, shot_data: str | None) -> None:
        """Put a document into shot_data behind the links' back."""
        self.connection.execute(
            "update public.generations set shot_data = %s::jsonb where id = %s", (shot_data, generation)
        )


@pytest.fixture
def world(database: str, schema: str) -> Iterator[World]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield World(connection, schema)


@pytest.fixture
def kits(database: str, tmp_path) -> Iterator[Kits]:
    """Opens kits on the test's own database; closes them at the end."""
    made = []

    def open_kit(**identity: Any) -> Kit:
        journal = Journal(tmp_path / "journal.sqlite")
        made.append(Kit(Database(database, **identity), Store(tmp_path), journal))
        return made[-1]

    yield open_kit
    for kit in made:
        kit.close()


@pytest.fixture
def kit(world: World, kits: Kits) -> Kit:
    return kits()


@pytest.fixture
def shot(world: World, kit: Kit) -> Shot:
    return kit.shot(world.shot())


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the statements of sql/ that reach the driver, in order."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def record(self, query, *arguments, **options):
        text = query if isinstance(query, str) else ""
        if text.startswith("-- "):
            sent.append(text[3:].partition(":")[0])
        elif " from " in text.lower():
            raise AssertionError(f"a query that is not in sql/: {text}")
        return execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", record)
    return sent
