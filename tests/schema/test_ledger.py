"""The ledger: append-only for everyone, and a user's credits are its sum."""

from decimal import Decimal

import pytest
from psycopg import errors

from tests.schema.sessions import sessions_of
from tests.schema.world import World


def enter(world, amount, task=None, kind="manual"):
    return world.one(
        "insert into credits_ledger (user_id, task_id, amount, type) values (%s, %s, %s, %s) returning id",
        world.user,
        task,
        amount,
        kind,
    )


def task(world):
    return world.one("insert into tasks (task_type, project_id) values ('t', %s) returning id", world.project)


def credits_of(world):
    return world.one("select credits from users where id = %s", world.user)


def test_credits_are_the_sum_of_the_ledger(world):
    enter(world, 10)
    enter(world, "-2.5", kind="spend")
    assert credits_of(world) == Decimal("7.5")


def test_entries_of_several_users_in_one_statement_are_summed_each(world):
    first, second = world.user, world.new_user()
    world.run(
        "insert into credits_ledger (user_id, amount, type)"
        " select person, amount, 'manual'"
        " from unnest(%s::uuid[]) as person, unnest('{1, 2}'::int[]) as amount",
        [first, second],
    )
    assert world.run("select distinct credits from users").fetchall() == [(Decimal(3),)]


def test_two_entries_at_once_are_both_in_the_sum(database):
    with sessions_of(database) as sessions:
        world = World(sessions.open(autocommit=True))
        entry = ("insert into credits_ledger (user_id, amount, type) values (%s, 5, 'manual')", [world.user])
        one, other = sessions.open(), sessions.open()
        one.execute(*entry)
        waiting = sessions.background(other, *entry)
        one.commit()
        waiting.result()
        other.commit()
        assert credits_of(world) == 10


CHANGES = [
    "update credits_ledger set amount = 1000",
    "update credits_ledger set metadata = '{}', amount = amount + 1",
    "update credits_ledger set task_id = null",
    "update credits_ledger set amount = amount",
    "delete from credits_ledger",
    "truncate credits_ledger",
    "truncate tasks cascade",
]


@pytest.mark.parametrize("replica", [False, True], ids=["triggers on", "triggers off"])
@pytest.mark.parametrize("change", CHANGES)
def test_not_even_a_superuser_can_change_an_entry(world, change, replica):
    enter(world, 10, task(world))
    world.check_deferred()
    if replica:
        world.run("set local session_replication_role = replica")
    with pytest.raises(errors.RestrictViolation, match="append-only"):
        world.run(change)


@pytest.mark.parametrize("change", CHANGES[:6])
def test_the_service_cannot_change_an_entry(world, change):
    enter(world, 10, task(world))
    with world.acting("service_role"), pytest.raises(errors.InsufficientPrivilege):
        world.run(change)


@pytest.mark.parametrize("table", ["tasks", "projects"])
def test_an_entry_outlives_its_task(world, table):
    entry = enter(world, -1, task(world), "spend")
    world.run(f"delete from {table}")
    assert world.run("select id, task_id, amount from credits_ledger").fetchall() == [(entry, None, -1)]
    assert credits_of(world) == -1


def test_a_user_with_entries_cannot_be_deleted(world):
    enter(world, 1)
    with pytest.raises(errors.IntegrityError, match="credits_ledger"):
        world.run("delete from users")
