"""shot_data under concurrent writers: the lock ahead of the rebuild is what keeps it true."""

from itertools import pairwise
from random import Random
from threading import Barrier

import psycopg
import pytest

from tests.schema.sessions import Sessions, sessions_of
from tests.schema.world import DRIFTED, World

WRITERS, WRITES, GENERATIONS = 8, 2_000, 50
LOCK = "perform from public.generations where id = any (changed) order by id for no key update;"


@pytest.fixture
def sessions(database):
    with sessions_of(database) as opened:
        yield opened


@pytest.fixture
def world(sessions):
    """A world that is committed, on a database of its own."""
    return World(sessions.open(autocommit=True))


def remove_the_lock(world: World) -> None:
    trigger = world.one("select pg_get_functiondef('sync_shot_to_generation()'::regprocedure)")
    assert LOCK in trigger
    world.connection.execute(trigger.replace(LOCK, ""))


def insert(shot, generation):
    return (
        "insert into shot_generations (shot_id, generation_id, timeline_frame) values (%s, %s, 1)",
        [shot, generation],
    )


def interleave(sessions: Sessions, first: tuple, second: tuple) -> None:
    """The second statement starts while the first transaction is open, and goes on when it commits."""
    one, other = sessions.open(), sessions.open()
    one.execute(*first)
    waiting = sessions.background(other, *second)
    one.commit()
    waiting.result()
    other.commit()


@pytest.mark.parametrize("locked", [True, False], ids=["with the lock", "lock taken out"])
def test_two_transactions_that_put_one_generation_into_two_shots(world, sessions, locked):
    if not locked:
        remove_the_lock(world)
    a, b, generation = world.shot("A"), world.shot("B"), world.generation()
    interleave(sessions, insert(a, generation), insert(b, generation))
    assert world.drifted() == (0 if locked else 1)
    assert (world.shot_data(generation) == {str(a): [1], str(b): [1]}) is locked


@pytest.mark.parametrize("locked", [True, False], ids=["with the lock", "lock taken out"])
def test_one_deletes_a_link_while_another_inserts_one_elsewhere(world, sessions, locked):
    if not locked:
        remove_the_lock(world)
    a, b, generation = world.shot("A"), world.shot("B"), world.generation()
    link = world.link(a, generation, 0)
    interleave(sessions, ("delete from shot_generations where id = %s", [link]), insert(b, generation))
    assert world.drifted() == (0 if locked else 1)
    assert (world.shot_data(generation) == {str(b): [1]}) is locked


@pytest.mark.parametrize(
    "held",
    [
        "select from generations for update",
        "select from generations for key share",
        "update generations set params = '{}'",
    ],
)
def test_a_move_while_another_session_holds_the_generation_is_not_skipped(world, sessions, held):
    shot, generation = world.shot(), world.generation()
    link = world.link(shot, generation, 0)
    interleave(sessions, (held,), ("update shot_generations set timeline_frame = 9 where id = %s", [link]))
    assert world.shot_data(generation) == {str(shot): [9]}


def test_two_moves_of_the_same_generations_in_opposite_order_do_not_deadlock(world, sessions):
    a, b = world.shot("A"), world.shot("B")
    generations = [world.generation() for _ in range(20)]
    for generation in generations:
        world.link(a, generation, 0)
        world.link(b, generation, 0)

    def reorder(number: int) -> None:
        shot, order = [(a, "asc"), (b, "desc")][number % 2]
        with sessions.open() as session:
            for frame in range(25):
                session.execute(
                    "update shot_generations set timeline_frame = %s"
                    f" from (select id from shot_generations order by generation_id {order}) as wanted"
                    " where wanted.id = shot_generations.id and shot_id = %s",
                    [frame, shot],
                )
                session.commit()

    sessions.all_at_once(reorder, 2)
    assert world.drifted() == 0


def test_a_shot_that_moves_to_another_project_waits_for_a_link_that_is_being_inserted(world, sessions):
    shot, generation, elsewhere = world.shot(), world.generation(), world.new_project()
    with pytest.raises(psycopg.errors.RestrictViolation):
        interleave(
            sessions,
            insert(shot, generation),
            ("update shots set project_id = %s where id = %s", [elsewhere, shot]),
        )


def test_a_link_waits_for_a_generation_that_is_moving_to_another_project(world, sessions):
    shot, generation, elsewhere = world.shot(), world.generation(), world.new_project()
    with pytest.raises(psycopg.errors.CheckViolation):
        interleave(
            sessions,
            ("update generations set project_id = %s where id = %s", [elsewhere, generation]),
            insert(shot, generation),
        )


def test_eight_writers_leave_no_generation_wrong(world, sessions):
    run_writers(world, sessions)
    assert world.one("select count(*) from shot_generations") > 0
    assert world.one(DRIFTED) == 0


def run_writers(world: World, sessions: Sessions) -> None:
    shots = [world.shot(str(n)) for n in range(WRITERS)]
    generations = [world.generation() for _ in range(GENERATIONS)]
    # Side by side on one generation after the other: no later write heals what an earlier one left.
    together = Barrier(WRITERS, timeout=60)  # a writer that fails must not leave the others waiting
    sessions.all_at_once(lambda n: write(sessions.open(), Random(n), together, shots, generations), WRITERS)


def write(
    session: psycopg.Connection, chance: Random, together: Barrier, shots: list, generations: list
) -> None:
    """One writer's share of inserts, moves (of frame, of shot, of generation) and deletes."""
    mine = []
    for generation, following in pairwise([*generations, generations[0]]):
        together.wait()
        for _ in range(WRITES // WRITERS // GENERATIONS):
            place = (
                chance.choice(shots),
                chance.choice([generation, generation, following]),
                chance.randrange(99),
            )
            statement, *values = choose(chance, mine, place)
            with session.transaction():  # open until the client commits: so the writers truly overlap
                written = session.execute(statement, values)
                mine += [link for (link,) in written] if written.description else []


def choose(chance: Random, mine: list, place: tuple) -> tuple:
    """A write and its values; it returns the ids of new links."""
    columns = ("shot_id", "generation_id", "timeline_frame")
    what = chance.random()
    if not mine or what < 0.5:
        return (
            f"insert into shot_generations ({', '.join(columns)}) values (%s, %s, %s) returning id",
            *place,
        )
    if what < 0.8:
        column = chance.randrange(3)
        return f"update shot_generations set {columns[column]} = %s where id = %s", place[column], mine[-1]
    return "delete from shot_generations where id = %s", mine.pop()
