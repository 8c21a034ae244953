"""Variants: one primary a generation, and the two agree, whichever of them is written."""

import pytest
from psycopg import errors

COPIED = "location, thumbnail_url, params, name"
DISAGREEING = """
    select count(*) from generations as generation
    left join generation_variants as variant on variant.generation_id = generation.id and variant.is_primary
    where (generation.location, generation.thumbnail_url, generation.params, generation.name)
        is distinct from (variant.location, variant.thumbnail_url, variant.params, variant.name)
        or generation.primary_variant_id is distinct from variant.id
        or generation.project_id <> variant.project_id
        or variant.id is null and exists (
            select from generation_variants as other where other.generation_id = generation.id
        )
"""


@pytest.fixture
def story(world):
    """A world that is whole when the story ends, as a commit would check it."""
    yield world
    world.check_deferred()
    assert world.one(DISAGREEING) == 0


def shown(world, generation):
    return world.one("select location from generations where id = %s", generation)


def primary(world, generation):
    return world.one("select id from generation_variants where generation_id = %s and is_primary", generation)


def test_a_generation_with_a_location_gets_its_original_primary_variant(story):
    generation = story.generation("a.png")
    [found] = story.run(
        f"select {COPIED}, is_primary, variant_type, project_id, created_at from generation_variants"
    ).fetchall()
    [made] = story.run("select created_at from generations where id = %s", generation).fetchall()
    assert found == ("a.png", "thumb", {"seed": 1}, "name", True, "original", story.project, made[0])


def test_a_generation_without_a_location_gets_no_variant_until_its_picture_comes(world):
    generation = world.generation()
    world.run("update generations set name = 'still none'")
    assert world.one("select count(*) from generation_variants") == 0
    world.run("update generations set location = 'late.png'")
    assert world.one("select variant_type from generation_variants where is_primary") == "original"
    assert world.one("select primary_variant_id from generations") == primary(world, generation)
    assert world.one(DISAGREEING) == 0


def test_a_newly_primary_variant_demotes_the_old_one_and_shows_on_the_generation(story):
    generation = story.generation("a.png")
    other = story.variant(generation, "b.png")
    story.run(
        "update generation_variants set is_primary = true, thumbnail_url = 't', params = '{}' where id = %s",
        other,
    )
    assert primary(story, generation) == other
    assert story.run(f"select {COPIED} from generations").fetchone() == ("b.png", "t", {}, None)


def test_a_variant_inserted_as_primary_takes_over(story):
    generation = story.generation("a.png")
    taking_over = story.variant(generation, "b.png", primary=True)
    assert primary(story, generation) == taking_over
    assert shown(story, generation) == "b.png"


def test_of_two_variants_inserted_as_primary_in_one_statement_the_later_stays(story):
    generation = story.generation("a.png")
    story.run(
        "insert into generation_variants (generation_id, location, is_primary)"
        " values (%s, 'b.png', true), (%s, 'c.png', true)",
        generation,
        generation,
    )
    assert shown(story, generation) == "c.png"


def test_demoting_and_promoting_in_one_transaction_is_a_switch(story):
    generation = story.generation("a.png")
    other = story.variant(generation, "b.png")
    story.run("update generation_variants set is_primary = false where is_primary")
    story.run("update generation_variants set is_primary = true where id = %s", other)
    story.check_deferred()
    assert shown(story, generation) == "b.png"


def test_the_only_primary_cannot_be_demoted(world):
    world.generation("a.png")
    world.run("update generation_variants set is_primary = false")
    with pytest.raises(errors.CheckViolation, match="has variants and no primary one") as told:
        world.check_deferred()
    assert "Set is_primary on the variant that should take over" in told.value.diag.message_hint


def test_the_first_variant_of_a_generation_must_be_its_primary(world):
    generation = world.generation()
    world.variant(generation)
    with pytest.raises(errors.CheckViolation, match="no primary one"):
        world.check_deferred()


def test_deleting_the_primary_promotes_the_newest_other(story):
    generation = story.generation("a.png")
    story.variant(generation, "b.png", primary=True)
    newest = story.variant(generation, "c.png")
    story.run("update generation_variants set created_at = '2000-01-01' where location = 'a.png'")
    story.run("delete from generation_variants where is_primary")
    assert primary(story, generation) == newest
    assert shown(story, generation) == "c.png"


def test_of_variants_equally_new_the_higher_id_is_promoted(story):
    generation = story.generation("a.png")
    others = [story.variant(generation) for _ in range(5)]
    story.run("update generation_variants set created_at = '2000-01-01'")
    story.run("delete from generation_variants where is_primary")
    assert primary(story, generation) == max(others)


def test_deleting_the_primary_and_the_newest_at_once_promotes_the_one_left(story):
    generation = story.generation("a.png")
    story.variant(generation, "b.png", primary=True)
    story.variant(generation, "c.png")
    story.run("delete from generation_variants where location <> 'a.png'")
    assert shown(story, generation) == "a.png"


def test_deleting_a_variant_that_is_not_primary_changes_nothing_else(story):
    generation = story.generation("a.png")
    other = story.variant(generation)
    story.run("delete from generation_variants where id = %s", other)
    assert shown(story, generation) == "a.png"


def test_deleting_the_last_variant_empties_the_generation(world):
    world.generation("a.png")
    world.run("delete from generation_variants")
    assert world.run(f"select {COPIED}, primary_variant_id from generations").fetchone() == (None,) * 5


@pytest.mark.parametrize("table", ["generations", "projects", "users"])
def test_what_holds_generations_can_be_deleted_with_all_that_is_in_it(world, table):
    generation = world.generation("a.png")
    world.variant(generation, "b.png", primary=True)
    child = world.generation("child.png")
    world.run(
        "update generations set parent_generation_id = %s, is_child = true where id = %s", generation, child
    )
    world.link(world.shot(), generation, 0)
    world.link(world.shot(), child, 0)
    world.run(f"delete from {table}" + (" where not is_child" if table == "generations" else ""))
    world.check_deferred()
    for emptied in ("generations", "generation_variants", "shot_generations"):
        assert world.one(f"select count(*) from {emptied}") == 0


@pytest.mark.parametrize(
    ("column", "value"), [("location", "z.png"), ("thumbnail_url", "z"), ("name", "z"), ("params", {"z": 1})]
)
def test_a_change_of_either_reaches_the_other(story, column, value):
    story.generation("a.png")
    written = value if isinstance(value, str) else '{"z": 1}'
    story.run(f"update generations set {column} = %s", written)
    assert story.one(f"select {column} from generation_variants") == value
    story.run(f"update generation_variants set {column} = %s", written.replace("z", "y"))
    assert story.one(f"select {column}::text from generations") == written.replace("z", "y")


def test_a_change_of_a_variant_that_is_not_primary_stays_with_it(story):
    generation = story.generation("a.png")
    story.variant(generation, "b.png")
    story.run("update generation_variants set location = 'c.png', params = '{}' where not is_primary")
    assert shown(story, generation) == "a.png"


def test_the_location_of_a_generation_with_variants_cannot_be_removed(world):
    world.generation("a.png")
    with pytest.raises(errors.RestrictViolation, match="cannot be NULL"):
        world.run("update generations set location = null")


def test_a_variant_cannot_move_to_another_generation(world):
    world.generation("a.png")
    other = world.generation("b.png")
    with pytest.raises(errors.RestrictViolation, match="cannot be moved"):
        world.run("update generation_variants set generation_id = %s where location = 'a.png'", other)


def test_a_variant_is_in_its_generations_project(world):
    generation, elsewhere = world.generation("a.png"), world.new_project()
    with pytest.raises(errors.CheckViolation, match="another project"), world.connection.transaction():
        world.run("update generation_variants set project_id = %s", elsewhere)
    with pytest.raises(errors.CheckViolation, match="another project"), world.connection.transaction():
        world.run(
            "insert into generation_variants (generation_id, location, project_id) values (%s, 'b', %s)",
            generation,
            elsewhere,
        )
    world.run("update generation_variants set project_id = null")
    assert world.one("select project_id from generation_variants") == world.project


def test_primary_variant_id_cannot_point_elsewhere(world):
    generation = world.generation("a.png")
    not_primary, foreign = world.variant(generation), primary(world, world.generation("b.png"))
    for wrong in (not_primary, foreign, None):
        with pytest.raises(errors.CheckViolation, match="primary_variant_id"), world.connection.transaction():
            world.run("update generations set primary_variant_id = %s where id = %s", wrong, generation)
    with pytest.raises(errors.CheckViolation, match="primary_variant_id"):
        world.run(
            "insert into generations (project_id, primary_variant_id) values (%s, %s)", world.project, foreign
        )


def test_two_primaries_are_impossible_even_with_the_triggers_off(world):
    generation = world.generation("a.png")
    world.run("set local session_replication_role = replica")
    with pytest.raises(errors.UniqueViolation, match="one_primary"):
        world.variant(generation, primary=True)
