"""The two phases: what they read, how little they send, what they survive."""

import re

import psycopg
import pyarrow as pa
import pytest

from shotkit import NotFoundError, NotPermittedError, sql
from shotkit.load import load_phase_one
from shotkit.model.tables import DRIFT, GENERATIONS, IMAGES, LINKS, PAIR_PROMPTS
from shotkit.shot import Shot

THROUGH_A_POOLER = True


def code(path: str) -> str:
    return "\n".join(line for line in sql.text(path).splitlines() if not line.lstrip().startswith("--"))


def stored_frames(shot) -> list[int | None]:
    return load_phase_one(shot._session.database, shot.id).rows["timeline_frame"].to_pylist()


def test_images_are_one_statement_and_links_one_more(world, shot, statements):
    world.link(shot.id, world.generation(), 0)
    statements.clear()
    shot.images()
    shot.images()
    assert statements == ["snapshot", "phase_one"]
    shot.links()
    shot.generations()
    shot.timeline()
    assert statements == ["snapshot", "phase_one", "snapshot", "phase_two"]


def test_both_phases_at_once_are_two_statements_in_one_snapshot(world, shot, statements):
    world.link(shot.id, world.generation(), 0)
    statements.clear()
    shot.generations()
    shot.images()
    shot.links()
    shot.drift()
    assert statements == ["snapshot", "phase_one", "phase_two"]


def test_a_third_statement_fetches_what_phase_1_did_not_show(world, shot, statements):
    generation = world.generation()
    world.link(shot.id, generation, 7)
    world.store(generation, "{}")
    statements.clear()
    assert shot.generations()["generation_id"].to_list() == [generation]
    assert statements == ["snapshot", "phase_one", "phase_two", "shown_generations"]


def test_what_another_session_writes_between_the_phases_is_no_drift(world, shot, monkeypatch):
    generation = world.generation()
    link = world.link(shot.id, generation, 5)
    execute = psycopg.Cursor.execute

    def meanwhile(self, query, *arguments, **options):
        if str(query).startswith("-- phase_two"):
            self.connection._pipeline.sync()  # phase 1 is read; phase 2 is not even sent
            world.connection.execute(
                "update public.shot_generations set timeline_frame = 9 where id = %s", [link]
            )
        return execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", meanwhile)
    assert len(shot.drift()) == 0
    assert shot.timeline()["timeline_frame"].to_list() == [5]


def test_a_handle_keeps_what_it_read_until_refresh(world, shot, statements):
    assert len(shot.generations()) == 0
    world.link(shot.id, world.generation(), 0)
    assert len(shot.images()) == len(shot.links()) == len(shot.generations()) == 0
    statements.clear()
    shot.refresh()
    assert statements == ["snapshot", "phase_one", "phase_two"]
    assert len(shot.images()) == len(shot.links()) == len(shot.generations()) == 1
    assert len(statements) == 3


def test_the_display_statements_name_neither_params_nor_a_join():
    for path in ("load/phase_one", "load/shown_generations"):
        assert not re.search(r"\bparams\b|\bjoin\b|\*", code(path), re.IGNORECASE)
        assert re.findall(r"\bfrom (\S+)", code(path)) == ["public.generations"]
    for path in ("load/phase_two", "load/tasks"):
        assert not re.search(r"\bparams\b|\bjoin\b|\*\B", code(path), re.IGNORECASE)


@pytest.fixture
def display_role(world, database) -> str:
    """A role that may read the columns of generations, params not among them, and no other table."""
    name = f"display_{psycopg.conninfo.conninfo_to_dict(database)['dbname']}"
    columns = world.connection.execute(
        """
        select string_agg(quote_ident(column_name), ', ') from information_schema.columns
        where table_schema = 'public' and table_name = 'generations' and column_name <> 'params'
        """
    ).fetchone()[0]
    world.connection.execute(f"create role {name} bypassrls")
    world.connection.execute(f"grant usage on schema public to {name}")
    world.connection.execute(f"grant select ({columns}) on public.generations to {name}")
    yield name
    world.connection.execute(f"drop owned by {name}")
    world.connection.execute(f"drop role {name}")


def test_phase_1_works_without_any_right_to_params_or_links(world, shot, kits, display_role):
    world.link(shot.id, world.generation(), 3)
    restricted = Shot(kits(role=display_role)._session, shot.id, shot.name, shot.project_id)
    assert restricted.images()["timeline_frame"].to_list() == [3]


def test_a_failed_phase_2_leaves_phase_1_usable_and_says_so(world, shot, kits, display_role):
    world.link(shot.id, world.generation(), 3)
    restricted = Shot(kits(role=display_role)._session, shot.id, shot.name, shot.project_id)
    for call in (restricted.links, restricted.generations, restricted.timeline, restricted.drift):
        with pytest.raises(NotPermittedError, match=r"images\(\) still works"):
            call()
    assert restricted.images()["timeline_frame"].to_list() == [3]
    assert repr(restricted) == "<Shot 'Dawn': 1 images, links unreadable (NotPermittedError)>"
    world.connection.execute(f"grant select on public.shot_generations to {display_role}")
    assert len(restricted.generations()) == 1
    assert repr(restricted) == "<Shot 'Dawn': 1 images, 1 links, no drift>"


def test_phase_1_uses_the_index_on_shot_data_at_5_000_generations(world, shot):
    world.connection.execute("set session_replication_role = replica")
    world.connection.execute(
        """
        insert into public.generations (project_id, location, shot_data)
        select %s, '/a.png', jsonb_build_object(gen_random_uuid(), jsonb_build_array(n))
        from generate_series(1, 5000) as n
        """,
        [world.project],
    )
    world.connection.execute("vacuum analyze public.generations")
    plan = world.connection.execute("explain " + sql.text("load/phase_one"), {"shot_id": shot.id}).fetchall()
    index = "generations_shot_data_idx" if world.schema == "own" else "idx_generations_shot_data"
    assert index in "\n".join(line for (line,) in plan)


CELLS = {
    "a list": ("[5, 0, null]", [0, 5, None]),
    "a number": ("30", [30]),
    "null": ("null", [None]),
    "an empty list": ("[]", []),
    "duplicates": ("[7, 7]", [7, 7]),
    "a negative frame": ("[-1]", [-1]),
    "a whole number as a float": ("[50.0, 1e2]", [50, 100]),
    "a half": ("[1.5, 2]", [2, None]),
    "texts": ('["5", "x", 1]', [1, None, None]),
    "a text": ('"5"', [None]),
    "an object": ('{"frame": 5}', [None]),
    "nested": ("[[1], {}, true]", [None, None, None]),
    "an endless number": (f"[{'9' * 5000}, 1]", [1, None]),
    "depth": (f"{'[' * 2000}{']' * 2000}", [None]),
}


@pytest.mark.parametrize(("cell", "frames"), CELLS.values(), ids=CELLS)
def test_phase_1_expands_any_cell(world, shot, cell, frames):
    ordinary = world.generation()
    world.link(shot.id, ordinary, 1000)
    world.store(world.generation(), f'{{"{shot.id}": {cell}}}')
    assert stored_frames(shot) == sorted([*frames, 1000], key=lambda f: (f is None, f))


@pytest.mark.parametrize("document", [None, "{}", "null", "5", '"SHOT"', '["SHOT"]', '[{"SHOT": 5}]'])
def test_a_document_that_is_no_object_shows_nothing_and_breaks_nothing(world, shot, document):
    generation = world.generation()
    world.link(shot.id, generation, 4)
    world.store(generation, document and document.replace("SHOT", shot.id))
    assert stored_frames(shot) == []
    assert shot.generations()["timeline_frame"].to_list() == [4]
    assert shot.drift()["verdict"].to_list() == ["missing"]


def test_rows_are_ordered_by_frame_then_age_then_id(world, shot):
    def made(day, frame):
        generation = world.generation(created_at=f"2026-01-{day:02}")
        world.link(shot.id, generation, frame)
        return generation

    younger, older = made(9, 5), made(1, 5)
    last_frame, no_frame, no_frame_older = made(3, 90), made(4, None), made(2, None)
    twins = sorted([made(5, 40), made(5, 40)])
    expected = [older, younger, *twins, last_frame, no_frame_older, no_frame]
    assert shot.images()["generation_id"].to_list() == expected
    merged = shot.generations()
    assert merged["timeline_frame"].to_list()[:5] == [5, 5, 40, 40, 90]
    assert [g for g in merged["generation_id"] if g not in twins] == [g for g in expected if g not in twins]


def test_what_is_missing_is_shown_as_the_rules_say(world, shot):
    generation = world.generation(location="/a.MP4?token=1", type=None, thumbnail_url="")
    world.link(shot.id, generation, 0)
    (row,) = shot.images().to_dict("records")
    assert row["type"] == "image"
    assert row["thumbnail_url"] == row["location"] == "/a.MP4?token=1"
    assert row["url_identity"] == row["thumb_url_identity"] == "/a.MP4"
    assert row["is_video"] is True
    assert row["starred"] is False


@pytest.mark.parametrize("linked", [False, True], ids=["empty", "filled"])
def test_every_frame_has_its_stated_columns_and_arrow_types(world, shot, linked):
    if linked:
        generation = world.generation()
        world.link(shot.id, generation, 0, {"pair_prompt": "p"})
        world.link(shot.id, generation, 9)
        world.store(generation, "{}")
    handed_out = [
        (shot.images(), IMAGES),
        (shot.links(), LINKS),
        (shot.generations(), GENERATIONS),
        (shot.timeline(), GENERATIONS),
        (shot.unpositioned(), GENERATIONS),
        (shot.videos(), GENERATIONS),
        (shot.drift(), DRIFT),
        (shot.pair_prompts(), PAIR_PROMPTS),
    ]
    for rows, schema in handed_out:
        found = {name: dtype.pyarrow_dtype for name, dtype in rows.dtypes.items()}
        assert list(found.items()) == [(field.name, field.type) for field in schema]


def test_times_are_utc_whatever_the_session_says(world, shot):
    world.link(shot.id, world.generation(created_at="2026-06-01 12:00:00.123456+02"), 0)
    assert shot.images()["created_at"].dtype.pyarrow_dtype == pa.timestamp("us", tz="UTC")
    assert shot.images()["created_at"].iloc[0].isoformat() == "2026-06-01T10:00:00.123456+00:00"


READS = ("images", "links", "generations", "drift", "timeline", "unpositioned", "videos", "pair_prompts")


def test_the_reads_of_a_deleted_shot_say_so_and_an_empty_one_is_an_empty_frame(world, shot):
    link = world.link(shot.id, world.generation(), 0)
    assert len(shot.timeline()) == len(shot.images()) == 1
    world.connection.execute("delete from public.shot_generations where id = %s", [link])
    for read in READS:
        shot.refresh()
        assert len(getattr(shot, read)()) == 0
    world.connection.execute("delete from public.shots where id = %s", [shot.id])
    for forget in (shot.refresh, shot.images, shot.timeline):
        with pytest.raises(NotFoundError, match=f"There is no shot {shot.id}.*kit.shots"):
            forget()


def test_whether_there_is_a_shot_is_asked_only_where_nothing_came_back(shot, statements):
    gone = Shot(shot._session, "0a1b2c3d-0000-4000-8000-00000000dead", "Gone", shot.project_id)
    for read in READS:
        statements.clear()
        with pytest.raises(NotFoundError, match=f"There is no shot {gone.id}"):
            getattr(gone, read)()
        assert statements[-1] == "find_shot"
        assert statements.count("find_shot") == 1
