"""The functions of the schema: spacing, adding to a shot, copying a shot, counting what waits."""

import json
from pathlib import Path

import pytest
from psycopg import errors

from tests.schema.sessions import sessions_of
from tests.schema.world import World

VECTORS = json.loads((Path(__file__).parent.parent / "model" / "vectors.json").read_text("utf-8"))
CALLS = {
    "average_spacing": "select average_spacing(%s::int[])",
    "next_frame": "select next_frame(%s::int[], %s)",
    "is_video": "select is_video(%s, %s)",
}
WORKED = [vector for vector in VECTORS if vector["call"] in CALLS]
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("vector", WORKED, ids=lambda v: f"{v['call']}{v['args']}{v['kwargs'] or ''}")
def test_the_pure_functions_agree_with_the_worked_vectors(world, vector):
    values = [*vector["args"]]
    if vector["call"] == "next_frame":
        values.append(vector["kwargs"].get("spacing"))
    assert world.one(CALLS[vector["call"]], *values) == vector["result"]


def test_every_pure_function_has_worked_vectors():
    assert {vector["call"] for vector in WORKED} == set(CALLS)


def test_spacing_leaves_out_frames_that_are_null(world):
    assert world.one("select average_spacing('{null, 0, null, 60}')") == 60
    assert world.one("select next_frame('{null, 0, null}')") == 81


def add(world, shot, generation, with_position="default"):
    given = "" if with_position == "default" else ", %s"
    values = () if with_position == "default" else (with_position,)
    return world.one(
        f"select (add_generation_to_shot(%s, %s{given})).timeline_frame", shot, generation, *values
    )


def test_generations_are_added_behind_the_last_by_the_average_spacing(world):
    shot = world.shot()
    assert [add(world, shot, world.generation()) for _ in range(3)] == [0, 81, 162]
    world.run("update shot_generations set timeline_frame = timeline_frame / 8")
    assert add(world, shot, world.generation()) == 30


def test_the_frames_of_unpositioned_and_corrupt_links_do_not_count(world):
    shot = world.shot()
    for frame in (None, -1):
        world.link(shot, world.generation(), frame)
    assert add(world, shot, world.generation()) == 0


@pytest.mark.parametrize(("with_position", "frame"), [(True, 0), (False, None), ("default", 0)])
def test_a_generation_is_added_with_or_without_a_position(world, with_position, frame):
    assert add(world, world.shot(), world.generation(), with_position) == frame


def test_adding_a_generation_again_makes_a_second_link(world):
    shot, generation = world.shot(), world.generation()
    assert [add(world, shot, generation), add(world, shot, generation)] == [0, 81]
    assert world.shot_data(generation) == {str(shot): [0, 81]}


def test_adding_returns_the_link_with_metadata_so_that_the_timeline_shows_it(world):
    shot, generation = world.shot(), world.generation()
    link = world.run("select id, metadata from add_generation_to_shot(%s, %s)", shot, generation).fetchone()
    assert link == (world.one("select id from shot_generations"), {})


def test_two_that_add_at_once_do_not_share_a_frame(database):
    with sessions_of(database) as sessions:
        world = World(sessions.open(autocommit=True))
        call = ("select add_generation_to_shot(%s, %s)", [world.shot(), world.generation()])
        one, other = sessions.open(), sessions.open()
        one.execute(*call)
        waiting = sessions.background(other, *call)
        one.commit()
        waiting.result()
        other.commit()
        assert world.run("select timeline_frame from shot_generations order by 1").fetchall() == [(0,), (81,)]


def test_a_copied_shot_has_the_same_images_at_the_same_frames_and_no_videos(world):
    shot, image, video = world.shot(), world.generation("a.png"), world.generation("b.png", kind="video")
    film, waiting = world.generation("c.MP4?token=1"), world.generation("d.png")
    for generation, frame in ((image, 0), (image, 50), (video, 9), (film, 10), (waiting, None)):
        world.link(shot, generation, frame)
    world.run("""update shot_generations set metadata = '{"pair_prompt": "rain"}'""")
    world.run("""update shots set settings = '{"a": 1}', aspect_ratio = '16:9'""")
    world.shot("last")
    world.run("update shots set position = 7 where name = 'last'")

    copy = world.one("select (duplicate_shot(%s)).id", shot)
    assert world.run(
        "select name, position, settings, aspect_ratio, project_id from shots where id = %s", copy
    ).fetchone() == ("shot (copy)", 8, {"a": 1}, "16:9", world.project)
    links = world.run(
        "select generation_id, timeline_frame, metadata from shot_generations where shot_id = %s order by 2",
        copy,
    ).fetchall()
    rain = {"pair_prompt": "rain"}
    assert links == [(image, 0, rain), (image, 50, rain), (waiting, None, rain)]
    assert world.drifted() == 0


def test_a_copied_shot_keeps_the_age_of_its_links(world):
    shot = world.shot()
    world.link(shot, world.generation(), None)
    world.run("update shot_generations set created_at = '2020-01-01'")
    world.run("select duplicate_shot(%s)", shot)
    assert world.one("select count(distinct created_at) from shot_generations") == 1


def test_a_shot_is_made_with_its_image_behind_the_last_of_the_project(world):
    generation = world.generation()
    world.shot()
    shot, frame = world.run(
        "select shot_id, timeline_frame from create_shot_with_image(%s, 'new', %s)", world.project, generation
    ).fetchone()
    assert frame == 0
    assert world.run("select name, position from shots where id = %s", shot).fetchone() == ("new", 2)
    assert world.shot_data(generation) == {str(shot): [0]}


def test_where_the_image_cannot_be_linked_no_shot_is_made(world):
    foreign = world.generation(project=world.new_project())
    for generation, error in ((foreign, errors.CheckViolation), (NOBODY, errors.NoDataFound)):
        with pytest.raises(error), world.connection.transaction():
            world.run("select create_shot_with_image(%s, 'new', %s)", world.project, generation)
    assert world.one("select count(*) from shots") == 0


def test_what_waits_beside_the_timeline_is_counted_without_videos(world):
    shot = world.shot()
    for location, frame in (("a.png", None), ("b.png", None), ("c.mov", None), ("d.png", 0)):
        world.link(shot, world.generation(location), frame)
    world.link(world.shot("other"), world.generation("e.png"), None)
    assert world.one("select count_unpositioned_generations(%s)", shot) == 2


CALLS_OF_NOBODY = {
    "add_generation_to_shot": "select add_generation_to_shot(%(nobody)s, %(generation)s)",
    "duplicate_shot": "select duplicate_shot(%(nobody)s)",
    "create_shot_with_image": "select create_shot_with_image(%(nobody)s, 'new', %(generation)s)",
    "count_unpositioned_generations": "select count_unpositioned_generations(%(nobody)s)",
    "add_generation_to_shot, generation": "select add_generation_to_shot(%(shot)s, %(nobody)s)",
}


@pytest.mark.parametrize("call", CALLS_OF_NOBODY.values(), ids=CALLS_OF_NOBODY.keys())
def test_what_is_not_there_is_an_error_that_names_it(world, call):
    values = {"nobody": NOBODY, "shot": world.shot(), "generation": world.generation()}
    with pytest.raises(errors.NoDataFound, match=f"there is no (shot|project|generation) {NOBODY}"):
        world.connection.execute(call, values)


CALLS_OF_ANOTHER = {
    "add_generation_to_shot": "select add_generation_to_shot(%(shot)s, %(own)s)",
    "add a foreign generation": "select add_generation_to_shot(%(own_shot)s, %(generation)s)",
    "duplicate_shot": "select duplicate_shot(%(shot)s)",
    "create_shot_with_image": "select create_shot_with_image(%(project)s, 'new', %(own)s)",
    "with a foreign image": "select create_shot_with_image(%(own_project)s, 'new', %(generation)s)",
    "count_unpositioned_generations": "select count_unpositioned_generations(%(shot)s)",
}


@pytest.mark.parametrize("call", CALLS_OF_ANOTHER.values(), ids=CALLS_OF_ANOTHER.keys())
def test_what_is_anothers_is_not_there(world, call):
    other = world.new_user()
    own_project = world.new_project(other)
    values = {
        "shot": world.shot(), "generation": world.generation("a.png"), "project": world.project,
        "own_project": own_project, "own_shot": world.shot(project=own_project),
        "own": world.generation("b.png", project=own_project),
    }  # fmt: skip
    with world.acting("authenticated", other), pytest.raises(errors.NoDataFound, match="there is no"):
        world.connection.execute(call, values)


@pytest.mark.parametrize("call", CALLS_OF_NOBODY.values(), ids=CALLS_OF_NOBODY.keys())
def test_an_anonymous_caller_may_call_none_of_them(world, call):
    values = {"nobody": world.shot(), "shot": world.shot(), "generation": world.generation()}
    with world.acting("anon"), pytest.raises(errors.InsufficientPrivilege):
        world.connection.execute(call, values)


def test_a_user_may_call_them_on_what_is_his(world):
    with world.acting("authenticated", world.user):
        shot, generation = world.shot(), world.generation("a.png")
        assert add(world, shot, generation) == 0
        copy = world.one("select (duplicate_shot(%s)).id", shot)
        made = world.one("select (create_shot_with_image(%s, 'new', %s)).shot_id", world.project, generation)
        add(world, made, generation, with_position=False)
        assert world.one("select count_unpositioned_generations(%s)", made) == 1
    assert world.shot_data(generation) == {str(shot): [0], str(copy): [0], str(made): [0, None]}
