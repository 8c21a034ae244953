"""The merge: links are the truth, shot_data's disagreements are drift."""

import json
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotkit import SchemaMismatchError
from shotkit.model.checks import checked
from shotkit.model.tables import TIMELINE


def rows(frame, *columns) -> list[tuple]:
    """The cells as Python values, None where they are missing."""
    return [
        tuple(row.values())
        for row in pa.Table.from_pandas(frame[list(columns)], preserve_index=False).to_pylist()
    ]


def lost_by(world) -> int:
    """How many of two frames of one generation in one shot the schema's shot_data cannot say."""
    return int(world.schema == "s")


def test_each_link_is_one_row_and_two_links_of_a_generation_stay_two(world, shot):
    generation = world.generation()
    first, second = world.link(shot.id, generation, 0), world.link(shot.id, generation, 100)
    assert rows(shot.generations(), "id", "generation_id", "timeline_frame") == [
        (first, generation, 0),
        (second, generation, 100),
    ]
    assert len(shot.drift()) == lost_by(world)


def test_equal_frames_of_one_generation_stay_two_rows(world, shot):
    generation = world.generation()
    ids = {world.link(shot.id, generation, 5), world.link(shot.id, generation, 5)}
    assert set(shot.generations()["id"]) == ids
    assert len(shot.drift()) == lost_by(world)


def test_a_links_missing_frame_wins_over_a_stale_one(world, shot):
    generation = world.generation()
    link = world.link(shot.id, generation, None)
    world.store(generation, json.dumps({shot.id: [5]}))
    assert rows(shot.generations(), "id", "timeline_frame") == [(link, None)]
    assert rows(shot.drift(), "verdict", "generation_id", "id", "stored", "expected") == [
        ("different", generation, link, 5, None)
    ]


def test_a_provisional_row_without_a_link_is_dropped(world, shot):
    generation = world.generation()
    world.store(generation, json.dumps({shot.id: [5]}))
    assert len(shot.images()) == 1
    assert len(shot.generations()) == 0
    assert rows(shot.drift(), "verdict", "id", "stored", "expected") == [("extra", None, 5, None)]


def test_a_link_that_shot_data_forgot_is_fetched_and_added(world, shot):
    generation = world.generation(location="/there.png")
    link = world.link(shot.id, generation, 5)
    world.store(generation, None)
    assert rows(shot.generations(), "id", "location") == [(link, "/there.png")]
    assert rows(shot.drift(), "verdict", "id", "stored", "expected") == [("missing", link, None, 5)]


def test_what_agrees_is_matched_before_what_does_not(world, shot):
    generation = world.generation()
    world.link(shot.id, generation, 0)
    moved = world.link(shot.id, generation, 90)
    world.store(generation, json.dumps({shot.id: [50, 0]}))
    assert rows(shot.drift(), "verdict", "id", "stored", "expected") == [("different", moved, 50, 90)]


def test_a_scalar_of_the_older_era_that_agrees_is_no_drift(world, shot):
    generation = world.generation()
    world.link(shot.id, generation, 30)
    world.store(generation, json.dumps({shot.id: 30}))
    assert len(shot.drift()) == 0


def test_drift_is_counted_on_the_rows_and_in_the_repr(world, shot):
    for frame in (0, 10, 20):
        generation = world.generation()
        world.link(shot.id, generation, frame)
        world.store(generation, json.dumps({shot.id: [frame, 5] if frame else [1]}))
    assert shot.generations().attrs == {"drift": {"different": 1, "extra": 2}}
    assert repr(shot) == "<Shot 'Dawn': 5 images, 3 links, drift: 1 different, 2 extra>"


def test_links_of_other_shots_are_no_drift(world, shot):
    generation = world.generation()
    world.link(shot.id, generation, 0)
    world.link(world.shot("Other"), generation, 50)
    assert len(shot.drift()) == 0
    assert shot.generations()["timeline_frame"].to_list() == [0]


def test_metadata_that_is_no_object_counts_as_an_empty_one_and_is_kept_in_the_links(world, shot):
    for number, metadata in enumerate([None, [1], "text", 5, {"pair_prompt": "p"}]):
        world.link(shot.id, world.generation(), number, metadata)
    world.connection.execute("update public.shot_generations set metadata = 'null' where timeline_frame = 3")
    expected = ["{}", "{}", "{}", "{}", '{"pair_prompt": "p"}']
    assert shot.generations()["metadata"].to_list() == expected
    assert shot.timeline()["metadata"].to_list() == expected
    assert rows(shot.links(), "metadata")[:4] == [(None,), ("[1]",), ('"text"',), ("null",)]


FRAMES = st.none() | st.integers(-1, 3)
LINKS = st.lists(st.tuples(st.integers(0, 3), FRAMES), max_size=8)
CELLS = st.one_of(
    FRAMES,
    st.lists(FRAMES | st.sampled_from(["1", True, 1.5, {}, [0]]), max_size=4),
    st.sampled_from(["0", {}, True]),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(links=LINKS, cells=st.dictionaries(st.integers(0, 3), CELLS))
def test_whatever_shot_data_says_the_rows_equal_the_links_and_drift_is_the_difference(
    world, kit, links, cells
):
    world.connection.execute("truncate public.shots, public.generations cascade")
    shot = kit.shot(world.shot())
    generations = [world.generation() for _ in range(4)]
    made = {(world.link(shot.id, generations[n], frame), generations[n], frame) for n, frame in links}
    for number, cell in cells.items():
        world.store(generations[number], json.dumps({shot.id: cell}))

    merged = shot.generations()
    assert set(rows(merged, "id", "generation_id", "timeline_frame")) == made
    assert len(merged) == len(made)
    assert merged["location"].notna().all()

    truth = Counter((generation, frame) for _, generation, frame in made)
    stored = Counter(rows(shot.images(), "generation_id", "timeline_frame"))
    drift = Counter(rows(shot.drift(), "verdict", "generation_id", "stored", "expected"))
    wrong, lacking = Counter(), Counter()
    for (verdict, generation, was, should), count in drift.items():
        if verdict in {"extra", "different"}:
            wrong[generation, was] += count
        if verdict in {"missing", "different"}:
            lacking[generation, should] += count
    assert wrong == stored - truth
    assert lacking == truth - stored


def test_the_selectors_take_what_they_name(world, shot):
    def linked(frame, **columns):
        return world.link(shot.id, world.generation(**columns), frame)

    image, later = linked(0), linked(40)
    loose = linked(None)
    video, loose_video = (
        linked(20, location="/v.mp4"),
        linked(None, type="video_travel_output", location="/x"),
    )
    linked(60, location="/placeholder.svg")
    linked(70, location=None)
    linked(80, location="")
    linked(-1)
    assert shot.timeline()["id"].to_list() == [image, later]
    assert shot.unpositioned()["id"].to_list() == [loose]
    assert shot.videos()["id"].to_list() == [video, loose_video]
    assert len(shot.generations()) == 9
    assert -1 in shot.generations()["timeline_frame"].to_list()


def test_pair_prompts_belong_to_the_first_of_a_pair_on_the_timeline(world, shot):
    first = world.link(shot.id, world.generation(), 0, {"segmentOverrides": {"prompt": "rise"}, "seed": 1})
    world.link(shot.id, world.generation(location="/v.mp4"), 10, {"pair_prompt": "a video's"})
    world.link(shot.id, world.generation(), 40)
    third = world.link(shot.id, world.generation(), 80, {"pair_negative_prompt": "blur"})
    world.link(shot.id, world.generation(), 120, {"pair_prompt": "the last has no pair"})
    assert rows(shot.pair_prompts(), "pair", "id", "prompt", "negative_prompt") == [
        (0, first, "rise", ""),
        (2, third, "", "blur"),
    ]


def test_changing_a_frame_changes_nothing_in_the_handle(world, shot):
    world.link(shot.id, world.generation(), 5)
    for call in (shot.images, shot.generations, shot.timeline):
        mine = call()
        mine.loc[0, "timeline_frame"] = 99
        mine.attrs["drift"] = None
        assert call()["timeline_frame"].to_list() == [5]
    assert shot.generations().attrs == {"drift": {}}


def test_a_link_to_a_generation_that_is_hidden_is_still_a_row(world, shot, kits):
    stranger = world.insert("users", name="Eve")
    theirs = world.insert("projects", name="Other film", user_id=stranger)
    generation = world.generation(project=theirs)
    world.connection.execute("set session_replication_role = replica")  # the schema would refuse such a link
    link = world.link(shot.id, generation, 5)
    mine = kits(user_id=world.user).shot(shot.id)
    assert rows(mine.generations(), "id", "timeline_frame", "location", "type") == [(link, 5, None, "image")]
    assert len(mine.timeline()) == 0


@pytest.mark.parametrize(
    ("column", "values", "says"),
    [
        ("timeline_frame", [5, -1], "a frame >= 0"),
        ("timeline_frame", [9, 5], "a frame not before the last one"),
        ("timeline_frame", [5, None], "not_nullable"),
        ("metadata", ["{}", None], "not_nullable"),
        ("id", ["same", "same"], "unique"),
    ],
)
def test_a_timeline_that_breaks_its_schema_names_the_column_and_the_row(world, shot, column, values, says):
    for frame in (5, 9):
        world.link(shot.id, world.generation(), frame)
    good = shot.timeline()
    bad = good.assign(**{column: values}).astype({column: good[column].dtype})
    with pytest.raises(SchemaMismatchError) as caught:
        checked(bad, TIMELINE, "timeline()")
    assert f"column {column}, row " in str(caught.value)
    assert says in str(caught.value)
    assert checked(good, TIMELINE, "timeline()") is good


def test_a_timeline_of_other_types_or_columns_is_refused(world, shot):
    world.link(shot.id, world.generation(), 5)
    good = shot.timeline()
    for bad in (
        good.astype({"timeline_frame": "string"}),
        good.drop(columns="name"),
        good[good.columns[::-1]],
    ):
        with pytest.raises(SchemaMismatchError, match="timeline\\(\\): column"):
            checked(bad, TIMELINE, "timeline()")
