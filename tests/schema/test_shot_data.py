"""shot_data after every kind of write to the links that made it drift elsewhere: here it never does."""

from dataclasses import dataclass, field

import pytest
from psycopg import errors

FRAME_BY_ID = "update shot_generations set timeline_frame = %s where id = %s"


@dataclass
class Case:
    """Links (generation, shot, frame) in the order they are made, a write, and what shot_data says then."""

    links: list[tuple[str, str, int | None]]
    write: str | None
    expected: dict[str, dict[str, list[int | None]]]
    values: tuple[str | int | None, ...] = field(default=())


CASES = {
    "no link": Case([], None, {"g": {}}),
    "one shot, frame 0": Case([("g", "A", 0)], None, {"g": {"A": [0]}}),
    "two shots": Case([("g", "A", 0), ("g", "B", 7)], None, {"g": {"A": [0], "B": [7]}}),
    "one generation twice in a shot": Case([("g", "A", 100), ("g", "A", 0)], None, {"g": {"A": [0, 100]}}),
    "one frame twice in a shot": Case([("g", "A", 5), ("g", "A", 5)], None, {"g": {"A": [5, 5]}}),
    "frames NULL, 5, NULL": Case(
        [("g", "A", None), ("g", "A", 5), ("g", "A", None)], None, {"g": {"A": [5, None, None]}}
    ),
    "many rows in one INSERT": Case(
        [],
        "insert into shot_generations (shot_id, generation_id, timeline_frame)"
        " select shot, generation, frame"
        " from unnest(%s::uuid[]) as shot, unnest(%s::uuid[]) as generation,"
        " unnest('{9, 0, null}'::int[]) as frame",
        {"g": {"A": [0, 9, None], "B": [0, 9, None]}, "h": {"A": [0, 9, None], "B": [0, 9, None]}},
        ("[A, B]", "[g, h]"),
    ),
    "UPDATE of a frame": Case([("g", "A", 0)], FRAME_BY_ID, {"g": {"A": [33]}}, (33, "0")),
    "UPDATE of a frame to NULL": Case([("g", "A", 0)], FRAME_BY_ID, {"g": {"A": [None]}}, (None, "0")),
    "swap of two frames in one UPDATE": Case(
        [("g", "A", 0), ("h", "A", 81)],
        "update shot_generations set timeline_frame = 81 - timeline_frame where shot_id = %s",
        {"g": {"A": [81]}, "h": {"A": [0]}},
        ("A",),
    ),
    "delete of one of two links in a shot": Case(
        [("g", "A", 0), ("g", "A", 9)],
        "delete from shot_generations where id = %s",
        {"g": {"A": [9]}},
        ("0",),
    ),
    "delete of the last link": Case(
        [("g", "A", 0)], "delete from shot_generations where id = %s", {"g": {}}, ("0",)
    ),
    "UPDATE of generation_id": Case(
        [("g", "A", 0), ("g", "B", 1)],
        "update shot_generations set generation_id = %s where id = %s",
        {"g": {"B": [1]}, "h": {"A": [0]}},
        ("h", "0"),
    ),
    "UPDATE of generation_id, exchanged in one statement": Case(
        [("g", "A", 0), ("h", "B", 1)],
        "update shot_generations"
        " set generation_id = case generation_id when %s then %s::uuid else %s::uuid end",
        {"g": {"B": [1]}, "h": {"A": [0]}},
        ("g", "h", "g"),
    ),
    "UPDATE of shot_id": Case(
        [("g", "A", 4), ("g", "B", 9)],
        "update shot_generations set shot_id = %s where id = %s",
        {"g": {"B": [4, 9]}},
        ("B", "0"),
    ),
    "UPDATE of a link's id": Case(
        [("g", "A", 4)], "update shot_generations set id = gen_random_uuid()", {"g": {"A": [4]}}
    ),
    "UPDATE of metadata": Case(
        [("g", "A", 4)], """update shot_generations set metadata = '{"locked": true}'""", {"g": {"A": [4]}}
    ),
    "upsert": Case(
        [("g", "A", 4)],
        "insert into shot_generations (id, shot_id, generation_id, timeline_frame) values"
        " (%s, %s, %s, 0), (gen_random_uuid(), %s, %s, 6) on conflict (id) do update set timeline_frame = 5",
        {"g": {"A": [5]}, "h": {"B": [6]}},
        ("0", "A", "g", "B", "h"),
    ),
    "delete of a shot": Case(
        [("g", "A", 0), ("g", "B", 1)], "delete from shots where id = %s", {"g": {"B": [1]}}, ("A",)
    ),
    "delete of a generation": Case(
        [("g", "A", 0), ("h", "A", 1)],
        "delete from generations where id = %s",
        {"h": {"A": [1]}},
        ("g",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_shot_data_equals_the_links_after(world, case):
    ids = {name: world.shot(name) for name in "AB"} | {name: world.generation() for name in "gh"}
    ids |= {str(n): world.link(ids[s], ids[g], frame) for n, (g, s, frame) in enumerate(case.links)}
    if case.write:
        world.run(case.write, *(_resolve(value, ids) for value in case.values))
    for generation, expected in case.expected.items():
        assert world.shot_data(ids[generation]) == {str(ids[s]): frames for s, frames in expected.items()}
    assert world.drifted() == 0


@pytest.mark.parametrize("how", ["delete one", "delete all", "update"])
def test_shot_data_of_no_shot_is_an_empty_object_and_never_null(world, how):
    shot, generation = world.shot(), world.generation()
    links = [world.link(shot, generation, frame) for frame in (0, 1)]
    if how == "delete one":
        for link in links:
            world.run("delete from shot_generations where id = %s", link)
    elif how == "delete all":
        world.run("delete from shot_generations")
    else:
        world.run("update shot_generations set generation_id = %s", world.generation())
    assert world.one("select shot_data::text from generations where id = %s", generation) == "{}"


def test_links_cannot_be_truncated_without_their_generations(world):
    world.link(world.shot(), world.generation(), 0)
    with pytest.raises(errors.FeatureNotSupported, match="foreign key"), world.connection.transaction():
        world.run("truncate shot_generations")
    world.run("truncate shot_generations cascade")
    assert world.one("select count(*) from generations") == 0


def test_a_direct_write_of_shot_data_by_a_superuser_drifts_and_the_next_write_of_a_link_heals_it(world):
    shot, generation = world.shot(), world.generation()
    link = world.link(shot, generation, 3)
    world.run("""update generations set shot_data = '{"x": [1]}'""")
    assert world.drifted() == 1
    world.run("update shot_generations set timeline_frame = 4 where id = %s", link)
    assert world.drifted() == 0


def test_a_write_of_metadata_leaves_the_generation_untouched_and_unlocked(world):
    generation = world.generation()
    link = world.link(world.shot(), generation, 3)
    before = world.run("select xmin, xmax, ctid from generations").fetchall()
    with world.connection.transaction():
        world.run("""update shot_generations set metadata = '{"a": 1}' where id = %s""", link)
        assert world.run("select xmin, xmax, ctid from generations").fetchall() == before


def test_a_link_written_again_as_it_was_does_not_rewrite_its_generation(world):
    generation, shot = world.generation(), world.shot()
    world.link(shot, generation, 3)
    before = world.one("select ctid from generations where id = %s", generation)
    world.run(
        "with gone as (delete from shot_generations returning *)"
        " insert into shot_generations select * from gone"
    )
    world.run("update shot_generations set timeline_frame = timeline_frame")
    assert world.shot_data(generation) == {str(shot): [3]}
    assert world.one("select ctid from generations where id = %s", generation) == before


def test_updated_at_of_a_link_is_touched_whatever_the_writer_says(world):
    link = world.link(world.shot(), world.generation(), 3)
    before = world.one("select updated_at from shot_generations where id = %s", link)
    world.run("update shot_generations set timeline_frame = 4, updated_at = '2000-01-01'")
    assert world.one("select updated_at from shot_generations where id = %s", link) > before


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ("starred = true", True),
        ("params = '{}'", True),
        ("shot_data = '{}'", False),
        ("primary_variant_id = null", False),
    ],
)
def test_updated_at_of_a_generation_is_touched_by_its_own_columns_only(world, change, touched):
    generation = world.generation()
    world.run(f"update generations set {change}")
    assert (world.one("select updated_at from generations where id = %s", generation) is not None) is touched


def _resolve(value, ids):
    if isinstance(value, str) and value.startswith("["):
        return [ids[name] for name in value.strip("[]").split(", ")]
    return ids.get(value, value)
