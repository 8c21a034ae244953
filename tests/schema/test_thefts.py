"""Nobody reaches into another user's project, by whatever way round."""

import pytest
from psycopg import errors


@pytest.fixture
def stranger(world):
    """Another user, with a project, a shot, a generation and a link of his own."""
    user = world.new_user()
    project = world.new_project(user)
    shot, generation = world.shot("his", project), world.generation("his.png", project)
    return {
        "user": user, "project": project, "shot": shot, "generation": generation,
        "link": world.link(shot, generation, 0),
    }  # fmt: skip


THEFTS = {
    "another's generation into one's own shot": "insert into shot_generations (shot_id, generation_id)"
    " values (%(own_shot)s, %(generation)s)",
    "one's own generation into another's shot": "insert into shot_generations (shot_id, generation_id)"
    " values (%(shot)s, %(own_generation)s)",
    "one's own link over to another's generation": "update shot_generations"
    " set generation_id = %(generation)s",
    "one's own link over to another's shot": "update shot_generations set shot_id = %(shot)s",
    "one's own shot into another's project": "update shots set project_id = %(project)s",
    "one's own generation into another's project": "update generations set project_id = %(project)s",
    "one's own project to another": "update projects set user_id = %(user)s",
    "a variant for another's generation": "insert into generation_variants"
    " (generation_id, location, is_primary, project_id) values (%(generation)s, 'x', true, %(project)s)",
    "such a variant, told to be one's own project's": "insert into generation_variants"
    " (generation_id, location, is_primary, project_id) values (%(generation)s, 'x', true, %(own_project)s)",
    "such a variant of no project": "insert into generation_variants"
    " (generation_id, location, is_primary) values (%(generation)s, 'x', true)",
}


@pytest.mark.parametrize("theft", THEFTS.values(), ids=THEFTS.keys())
def test_a_user_cannot_reach_into_anothers_project(world, stranger, theft):
    own_shot, own_generation = world.shot(), world.generation("own.png")
    world.link(own_shot, own_generation, 0)
    world.run(
        "delete from shot_generations where shot_id = %s", own_shot
    ) if "set project_id" in theft else None
    ids = {**stranger, "own_shot": own_shot, "own_generation": own_generation, "own_project": world.project}
    before = world.run("select * from generations where id = %s", stranger["generation"]).fetchall()
    with (
        world.acting("authenticated", world.user),
        pytest.raises(errors.InsufficientPrivilege),
        world.connection.transaction(),
    ):
        world.connection.execute(theft, ids)
    assert world.run("select * from generations where id = %s", stranger["generation"]).fetchall() == before
    assert world.shot_data(stranger["generation"]) == {str(stranger["shot"]): [0]}


def test_a_user_cannot_link_across_two_projects_of_his_own(world):
    shot, generation = world.shot(), world.generation(project=world.new_project())
    with world.acting("authenticated", world.user), pytest.raises(errors.InsufficientPrivilege):
        world.link(shot, generation, 0)


def test_a_user_sees_his_own_rows_among_everybodys(world, stranger):
    world.link(world.shot(), world.generation("own.png"), 0)
    for user, project in ((world.user, world.project), (stranger["user"], stranger["project"])):
        with world.acting("authenticated", user):
            for table in ("shots", "generations", "generation_variants"):
                assert world.run(f"select distinct project_id from {table}").fetchall() == [(project,)]
            assert world.one("select count(*) from shot_generations") == 1
