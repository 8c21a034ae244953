"""Variants under concurrent writers: the generation is locked ahead of its variants."""

import random

import pytest

from tests.schema.sessions import sessions_of
from tests.schema.test_variants import DISAGREEING
from tests.schema.world import World

THREADS, SWITCHES = 4, 50


@pytest.fixture
def sessions(database):
    with sessions_of(database) as opened:
        yield opened


@pytest.fixture
def world(sessions):
    return World(sessions.open(autocommit=True))


def test_concurrent_switches_never_fail_and_leave_one_primary(world, sessions):
    generation = world.generation("a.png")
    variants = [world.variant(generation, f"{n}.png") for n in range(5)]

    def switch(number: int) -> None:
        chance = random.Random(number)
        with sessions.open(autocommit=True) as session:
            for _ in range(SWITCHES):
                session.execute(
                    "update generation_variants set is_primary = true where id = %s",
                    [chance.choice(variants)],
                )

    sessions.all_at_once(switch, THREADS)
    assert world.one("select count(*) from generation_variants where is_primary") == 1
    assert world.one(DISAGREEING) == 0


def test_concurrent_new_primaries_never_fail_and_leave_one(world, sessions):
    generation = world.generation("a.png")

    def add(number: int) -> None:
        own = World.__new__(World)
        own.connection = sessions.open(autocommit=True)
        for n in range(10):
            own.variant(generation, f"{number}-{n}.png", primary=True)

    sessions.all_at_once(add, THREADS)
    assert world.one("select count(*) from generation_variants") == 1 + THREADS * 10
    assert world.one(DISAGREEING) == 0


@pytest.mark.parametrize("pointed", [True, False], ids=["", "even where primary_variant_id was lost"])
def test_a_variant_added_beside_the_deletion_of_the_last_one_is_promoted(world, sessions, pointed):
    generation = world.generation("a.png")
    if not pointed:
        with world.connection.transaction():
            world.run("set local session_replication_role = replica")
            world.run("update generations set primary_variant_id = null")
    adding, deleting = sessions.open(), sessions.open()
    adding.execute(
        "insert into generation_variants (generation_id, location) values (%s, 'b.png')", [generation]
    )
    waiting = sessions.background(deleting, "delete from generation_variants where is_primary")
    adding.commit()
    waiting.result()
    deleting.commit()
    assert world.one("select location from generations") == "b.png"
    assert world.one(DISAGREEING) == 0


def test_the_variant_to_promote_may_be_deleted_meanwhile(world, sessions):
    generation = world.generation("a.png")
    world.variant(generation, "b.png")
    newest = world.variant(generation, "c.png")
    one, other = sessions.open(), sessions.open()
    one.execute("delete from generation_variants where id = %s", [newest])
    waiting = sessions.background(other, "delete from generation_variants where is_primary")
    one.commit()
    waiting.result()
    other.commit()
    assert world.one("select location from generations") == "b.png"
    assert world.one(DISAGREEING) == 0
