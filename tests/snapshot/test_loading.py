"""A snapshot is loaded as its database is: lists, both phases of each shot, the gallery's filters."""

from contextlib import closing

import pandas as pd
import psycopg
import pytest

import shotkit
from shotkit.engine import Database
from shotkit.errors import ConfigurationError, InvalidChangeError, ReadOnlyError
from shotkit.kit import Kit
from tests.audit.world import G, S, World

ON_ONE_SERVER = "A snapshot is loaded the same whatever server it was taken from."

SHOT_FRAMES = ("images", "links", "generations", "timeline", "unpositioned", "videos", "pair_prompts")
WITHOUT_QUERY = ("location", "thumbnail_url", "output_location")  # no snapshot keeps what may be a signature


@pytest.fixture
def live(filled_database, tmp_path):
    with closing(Database(filled_database, read_only=True)) as database, Kit(database) as kit:
        yield kit


@pytest.fixture
def still(demo_snapshot):
    with shotkit.connect(demo_snapshot.folder) as kit:
        yield kit


def assert_equal(found, expected):
    for column in set(WITHOUT_QUERY) & set(expected):
        expected = expected.assign(**{column: expected[column].str.replace(r"\?.*", "", regex=True)})
    pd.testing.assert_frame_equal(found, expected, check_flags=False)


@pytest.mark.parametrize("name", ["projects", "shots", "tasks", "ledger", "generations"])
def test_every_list_is_the_same(live, still, name):
    expected = getattr(live, name)()
    assert len(expected)
    assert_equal(getattr(still, name)(), expected)


def test_every_shot_is_the_same_in_both_phases(live, still):
    for id_ in live.shots()["id"]:
        for name in SHOT_FRAMES:
            assert_equal(getattr(still.shot(id_), name)(), getattr(live.shot(id_), name)())


def test_every_generation_has_the_same_variants_details_and_lineage(live, still):
    for id_ in live.generations()["generation_id"]:
        assert_equal(still.variants(id_), live.variants(id_))
        ours, theirs = still.generation(id_), live.generation(id_)
        assert_equal(ours.lineage(), theirs.lineage())
        for key, value in theirs.details().items():
            assert key in WITHOUT_QUERY or ours.details()[key] == value


@pytest.mark.parametrize(
    "filters",
    [
        {"media_type": "video"}, {"media_type": "image"}, {"starred": True}, {"edits_only": True},
        {"children": True}, {"in_no_shot": True}, {"prompt": "garden"}, {"prompt": "100%_\\"}, {"limit": 7},
        {"with_prompts": True},
    ],
    ids=str,
)  # fmt: skip
def test_the_gallery_is_filtered_alike(live, still, filters):
    assert_equal(still.generations(**filters), live.generations(**filters))


def test_the_gallery_of_a_shot_is_filtered_alike(live, still):
    for id_ in live.shots()["id"]:
        for filters in ({}, {"unpositioned": True}):
            assert_equal(still.generations(shot=id_, **filters), live.generations(shot=id_, **filters))
    parent = live.generations(children=True)["parent_generation_id"].iloc[0]
    assert_equal(still.generations(parent=parent), live.generations(parent=parent))


SHAPES = (
    "[0, 50]",
    "[50.0, null]",
    "7",
    "null",
    "[]",
    '"50"',
    "{}",
    '["[1"]',
    "[[1]]",
    "[1e2]",
    "[null, 2]",
    "true",
)


def test_every_shape_of_shot_data_is_loaded_alike(database, tmp_path):
    with psycopg.connect(database, autocommit=True) as connection:
        World(connection).build(
            {id_: f'{{"{S[0]}": {cell}}}' for id_, cell in zip(G, SHAPES, strict=True)}, [(G[0], S[0], 0)]
        )
        connection.execute("update generations set location = 'https://example.org/1.jpg'")
    with closing(Database(database)) as opened, Kit(opened) as live:
        live.snapshot(tmp_path / "snapshot")
        with shotkit.connect(tmp_path / "snapshot") as still:
            for name in ("images", "generations"):
                assert_equal(getattr(still.shot(S[0]), name)(), getattr(live.shot(S[0]), name)())
            for filters in ({}, {"unpositioned": True}):
                expected = live.generations(shot=S[0], **filters)
                assert len(expected)
                assert_equal(still.generations(shot=S[0], **filters), expected)


def test_a_shot_of_a_snapshot_is_observed_and_never_changed(still):
    shot = still.shot(still.shots()["id"].iloc[0])
    heard = []
    kept = shot.observe(heard.append)
    with pytest.raises(ReadOnlyError):
        shot.reorder(list(shot.timeline()["id"])[::-1])
    kept.unsubscribe()


def test_sql_reads_the_tables_of_a_snapshot_and_frames_beside_them(still):
    shots = still.shots()
    found = still.sql(
        "select s.id, count(*) as links from public.shot_generations l join mine s on s.id = l.shot_id "
        "where l.timeline_frame >= $least group by s.id order by s.id",
        {"least": 0},
        mine=shots,
    )
    expected = shots[shots["positioned"] > 0].sort_values("id")
    assert found["links"].tolist() == expected["positioned"].tolist()
    assert isinstance(found.dtypes["id"], pd.ArrowDtype)


def test_sql_reads_frames_that_are_loaded_from_a_database(live):
    found = live.sql("select count(*) as n from t where name = ?", ["' or true --"], t=live.shots())
    assert found["n"].tolist() == [0]


def test_sql_says_what_it_was_not_given_and_how_to_give_it(live, still):
    shots = live.shots()
    told = r"Way out: give each frame by the name .* kit\.sql\(text, t=shot\.timeline\(\)\); given: mine\."
    with pytest.raises(ConfigurationError, match=told):
        live.sql("select * from yours", mine=shots)
    with pytest.raises(ConfigurationError, match="given: none"):
        still.sql("select * from yours")
    for nothing in (None, 7):
        with pytest.raises(ConfigurationError, match=f"one SELECT, found .* '{nothing}'; give it first"):
            live.sql(nothing)


def test_a_closed_kit_on_a_snapshot_says_so(demo_snapshot):
    closed = shotkit.connect(demo_snapshot.folder)
    closed.close()
    for ask in (closed.shots, lambda: closed.sql("select 1")):
        with pytest.raises(ConfigurationError, match=r"is closed; open it again with shotkit\.connect"):
            ask()


@pytest.mark.parametrize(
    "text",
    ["create table t (a int)", "select 1; select 2", "", "copy (select 1) to 'x.csv'", "set threads = 1",
     "delete from public.shots", "attach 'x.db'"],
)  # fmt: skip
def test_sql_writes_nothing(still, text):
    with pytest.raises(InvalidChangeError, match="takes one SELECT"):
        still.sql(text)


@pytest.mark.parametrize(
    "text",
    ["select * from read_text('/etc/passwd')", "select * from '/etc/passwd'", "select * from secret_frame",
     "select * from read_parquet('https://example.org/x.parquet')", "select getenv('HOME')", "selec 1"],
)  # fmt: skip
def test_sql_reads_nothing_else(live, still, text):
    secret_frame = pd.DataFrame({"a": [1]})
    assert len(secret_frame)
    for kit in (live, still):
        with pytest.raises(ConfigurationError, match="DuckDB could not run it"):
            kit.sql(text)
