"""A link joins a shot and a generation of one project, and moving either keeps it so."""

import pytest
from psycopg import errors


@pytest.fixture
def elsewhere(world):
    return world.new_project()


def test_a_link_across_projects_is_refused(world, elsewhere):
    with pytest.raises(errors.CheckViolation, match="not of one project"):
        world.link(world.shot(), world.generation(project=elsewhere), 0)


@pytest.mark.parametrize("end", ["shot_id", "generation_id"])
def test_a_link_cannot_be_moved_across_projects(world, elsewhere, end):
    world.link(world.shot(), world.generation(), 0)
    target = world.shot(project=elsewhere) if end == "shot_id" else world.generation(project=elsewhere)
    with pytest.raises(errors.CheckViolation, match="not of one project"):
        world.run(f"update shot_generations set {end} = %s", target)


def test_one_foreign_link_among_many_refuses_them_all(world, elsewhere):
    shot, generations = world.shot(), [world.generation(), world.generation(project=elsewhere)]
    with pytest.raises(errors.CheckViolation), world.connection.transaction():
        world.run(
            "insert into shot_generations (shot_id, generation_id) select %s, unnest(%s::uuid[])",
            shot,
            generations,
        )
    assert world.one("select count(*) from shot_generations") == 0
    assert [world.shot_data(generation) for generation in generations] == [{}, {}]


def test_a_check_planned_for_many_links_reads_no_more_than_one_generation_for_one(world):
    shot = world.shot()
    for generation in [world.generation() for _ in range(20)]:
        world.link(shot, generation, 0)
    world.run("set local enable_nestloop = off")  # as where there are many more
    world.run("discard plans")
    world.run("update shot_generations set timeline_frame = 1")
    world.run("set local enable_nestloop = on")
    read = "select seq_scan from pg_stat_xact_user_tables where relname = 'generations'"
    world.run("set local enable_seqscan = off")  # for what is planned from here on
    before = world.one(read)
    world.run(
        "update shot_generations set timeline_frame = 2 where id = (select id from shot_generations limit 1)"
    )
    assert world.one(read) == before


def test_the_variants_of_a_moved_generation_follow(world, elsewhere):
    generation = world.generation("a.png")
    world.variant(generation)
    world.run("update generations set project_id = %s", elsewhere)
    assert world.run("select distinct project_id from generation_variants").fetchall() == [(elsewhere,)]


def test_a_generation_that_stands_in_a_shot_cannot_leave_the_project(world, elsewhere):
    world.link(world.shot(), world.generation("a.png"), None)
    with pytest.raises(errors.RestrictViolation, match="cannot leave it"), world.connection.transaction():
        world.run("update generations set project_id = %s", elsewhere)
    world.run("delete from shot_generations")
    world.run("update generations set project_id = %s", elsewhere)


def test_a_shot_that_holds_generations_cannot_leave_the_project(world, elsewhere):
    world.link(world.shot(), world.generation(), 0)
    with pytest.raises(errors.RestrictViolation, match="cannot leave it"), world.connection.transaction():
        world.run("update shots set project_id = %s", elsewhere)
    world.run("delete from shot_generations")
    world.run("update shots set project_id = %s", elsewhere)
