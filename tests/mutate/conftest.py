"""What the tests of changes share: a shot on a real server, and a look at everything that is stored."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.audit import run
from shotkit.engine import Database
from shotkit.mutate import Change, Intent, apply
from tests.load.conftest import World
from tests.proxy import Cutter, Proxy, proxied

# Everything a change may touch, in its versions: equal before and after means that nothing was written.
STORED = (
    "select 'link', id::text, xmin::text, to_jsonb(l)::text from public.shot_generations l"
    " union all select 'generation', id::text, xmin::text, to_jsonb(g)::text from public.generations g"
    " union all select 'variant', id::text, xmin::text, to_jsonb(v)::text from public.generation_variants v"
    " order by 1, 2"
)


DRAGS_AGAIN = pytest.mark.without(
    "trg_keep_user_position",
    because="S and J undo a second drag, and that is refused: tests/eras/test_changes.py",
)
DELETES_ORIGINALS = pytest.mark.without(
    "trg_refuse_deleting_original",
    because="A keeps what is original, and says so: tests/eras/test_changes.py",
)
#: A test that deletes a primary, which S cannot, and the refusal is told: tests/eras/test_changes.py.
DELETES_A_PRIMARY = pytest.mark.only_on("own", "j", "a", because="S cannot delete a primary")
STARS = pytest.mark.only_on("own", "a", because="no variant has a star in S and J")
VIEWS = pytest.mark.only_on("own", "j", "a", because="S does not say what was viewed")

NEW_ID = "0a1b2c3d-0000-4000-8000-00000000beef"


def as_dict(frame) -> dict[str, int | None]:
    return dict(zip(frame["id"].to_list(), frame["timeline_frame"].array._pa_array.to_pylist(), strict=True))


class Stage(World):
    """A world with one shot, its links by their place, and a database that changes it."""

    def __init__(self, connection: psycopg.Connection, database: Database, schema: str | None = None) -> None:
        super().__init__(connection, schema)
        self.database = database
        self.shot_id = self.shot()

    def links(self, *frames: int | None) -> list[str]:
        """Links of new generations at `frames`, in a shot that had none."""
        return [self.link(self.shot_id, self.generation(), frame) for frame in frames]

    def many(self, count: int, spacing: int = 10) -> list[str]:
        rows = self.connection.execute(
            "with made as (insert into public.generations (project_id, location, type)"
            " select %s, '/a.png', 'image' from generate_series(1, %s) returning id)"
            " insert into public.shot_generations (shot_id, generation_id, timeline_frame)"
            " select %s, id, %s * (row_number() over () - 1) from made returning id::text, timeline_frame",
            (self.project, count, self.shot_id, spacing),
        ).fetchall()
        return [id_ for id_, _ in sorted(rows, key=lambda row: row[1])]

    def frames(self) -> dict[str, int | None]:
        rows = self.connection.execute(
            "select id::text, timeline_frame from public.shot_generations where shot_id = %s"
            " order by timeline_frame, created_at, id",
            (self.shot_id,),
        )
        return dict(rows.fetchall())

    def metadata(self, link: str) -> Any:
        [found] = self.connection.execute(
            "select metadata from public.shot_generations where id = %s", (link,)
        ).fetchone()
        return found

    def version(self, table: str, id_: str) -> str:
        """The transaction that wrote a row."""
        [found] = self.connection.execute(
            f"select xmin::text from public.{table} where id = %s",
            (id_,),
        ).fetchone()
        return found

    def stored(self) -> list[tuple[str, ...]]:
        return self.connection.execute(STORED).fetchall()

    def change(self, intent: Intent, seen: Mapping[str, int | None] | None = None, **options: Any) -> Change:
        return apply(self.database, self.shot_id, intent, seen=seen, **options)

    def clean(self) -> bool:
        """Whether shot_data agrees with the links, as far as the schema's shape can say what these do."""
        verdicts = set(run(self.database, "0001").findings["verdict"])
        # The scalars of S have no place for a second frame of one generation in one shot.
        return verdicts <= ({"miscounted"} if self.schema == "s" else set())


@pytest.fixture
def databases(database: str) -> Iterator[Callable[..., Database]]:
    """Opens the test's own database as often as asked; closes all at the end."""
    made = []

    def open_it(**options: Any) -> Database:
        made.append(Database(database, **options))
        return made[-1]

    yield open_it
    for one in made:
        one.close()


@pytest.fixture
def stage(database: str, databases: Callable[..., Database], schema: str) -> Iterator[Stage]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield Stage(connection, databases(), schema)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the statements of sql/ that reach the driver, in order; not the test's own."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def record(self, query, *arguments, **options):
        text = query if isinstance(query, str) else ""  # LISTEN is composed
        if text.startswith("-- "):
            sent.append(text[3:].partition(":")[0])
        return execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", record)
    return sent


@pytest.fixture
def cutter(database: str) -> Iterator[Proxy]:
    with proxied(conninfo_to_dict(database)["host"], Cutter) as proxy:
        yield proxy


@pytest.fixture
def through(database: str, cutter: Proxy) -> Iterator[Callable[..., Database]]:
    """Opens the stage's database through the proxy; closes all at the end."""
    made = []

    def open_it(**options: Any) -> Database:
        made.append(Database(make_conninfo(database, host=cutter.folder), **options))
        return made[-1]

    yield open_it
    for one in made:
        one.close()


@pytest.fixture
def fragile(through: Callable[..., Database]) -> Database:
    """The stage's database, reached through the proxy."""
    return through()
