"""What a user may do to his own rows; who may reach whose is told in tests/roles."""

import pytest
from psycopg import errors


def test_a_newcomer_makes_his_own_row_and_nobody_elses(world):
    newcomer = "11111111-1111-1111-1111-111111111111"
    with world.acting("authenticated", newcomer):
        with pytest.raises(errors.InsufficientPrivilege), world.connection.transaction():
            world.run("insert into users (id) values (gen_random_uuid())")
        world.run("insert into users (id, name) values (%s, 'new')", newcomer)
        assert world.one("select name from users") == "new"


def test_what_the_owner_does_still_keeps_shot_data_and_variants_in_step(world):
    generation, shot = world.generation("a.png"), world.shot()
    world.link(shot, generation, 0)
    world.check_deferred()
    with world.acting("authenticated", world.user):
        world.run("update shot_generations set timeline_frame = 7")
        world.variant(generation, "new.png", primary=True)
        world.run("update generations set name = 'renamed'")
        world.run("delete from generation_variants where location = 'a.png'")
        world.check_deferred()
        shown = world.run("select shot_data, location, name from generations").fetchone()
    assert shown == ({str(shot): [7]}, "new.png", "renamed")
    assert world.one("select name from generation_variants") == "renamed"
