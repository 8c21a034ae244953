"""A crash loses transactions and gives their numbers anew: what became of a change is not mistaken."""

import os
import signal
from contextlib import suppress
from itertools import count

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.mutate import Move, apply
from shotkit.mutate.locks import Begun, locked_shot
from shotkit.mutate.outcome import outcome
from shotkit.sql import statement
from tests.plugins.servers import versions
from tests.trials.ground import Ground, server

LOCK, NEVER = statement("mutate/lock_shot").text, "0a1b2c3d-0000-4000-8000-00000000beef"
NUMBERS = count()


@pytest.fixture(scope="module", params=versions())
def cluster(request):
    # Nothing but a commit may write the log out, or the crash would lose nothing.
    with server(request.param, wal_writer_delay="10s", autovacuum="off") as running:
        yield running


@pytest.fixture
def ground(cluster):
    return Ground.on(cluster, f"crash_{next(NUMBERS)}")


def crash(ground: Ground, *, keep: bool) -> tuple[Begun, str, str]:
    """Write a link, perhaps commit, and crash; return who wrote, the link, and its version before."""
    link = next(iter(ground.frames()))
    session = psycopg.connect(ground.conninfo)
    _, *begun = session.execute(LOCK, {"shot_id": ground.shot}).fetchone()
    [version] = session.execute("select xmin::text from shot_generations where id = %s", (link,)).fetchone()
    session.execute("update shot_generations set timeline_frame = 7 where id = %s", (link,))
    if keep:
        session.commit()
    os.kill(session.info.backend_pid, signal.SIGKILL)
    await_recovery(ground, begun[1])
    session.close()
    return Begun(*begun), link, version


def crash_again(ground: Ground) -> None:
    with psycopg.connect(ground.conninfo) as session:
        [now] = session.execute("select now()::text").fetchone()
        os.kill(session.info.backend_pid, signal.SIGKILL)
        await_recovery(ground, now)
        session.close()


def await_recovery(ground: Ground, since: str) -> None:
    while not recovered(ground, since):
        pass


def recovered(ground: Ground, since: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(ground.conninfo) as connection:
        return connection.execute("select stats_reset > %s from pg_stat_bgwriter", (since,)).fetchone()[0]
    return False


def kept(ground: Ground, begun: Begun, link: str, version: str) -> bool | None:
    database = Database(ground.conninfo)
    with database.transaction() as transaction:
        locked_shot(transaction, ground.shot)
        found = outcome(transaction, "outcome", begun, op_id=NEVER, ids=[link], versions=[version])
    database.close()
    return found


def moved_by_another(ground: Ground, link: str) -> str:
    database = Database(ground.conninfo)
    change = apply(database, ground.shot, Move(link, 99))
    database.close()
    return change.xid


def test_a_change_whose_number_a_crash_gave_to_the_one_that_overwrote_it_was_not_kept(ground):
    begun, link, version = crash(ground, keep=False)
    assert moved_by_another(ground, link) == begun.xid
    assert kept(ground, begun, link, version) is False


def test_a_change_from_before_a_crash_that_another_has_overwritten_since_cannot_be_told(ground):
    begun, link, version = crash(ground, keep=True)
    moved_by_another(ground, link)
    assert kept(ground, begun, link, version) is None


def test_a_change_whose_number_was_given_to_another_before_a_second_crash_is_not_taken_for_kept(ground):
    begun, link, version = crash(ground, keep=False)
    assert moved_by_another(ground, link) == begun.xid
    crash_again(ground)
    assert kept(ground, begun, link, version) is None


def test_what_a_later_checkpoint_has_hidden_cannot_be_told(ground):
    begun, link, version = crash(ground, keep=False)
    moved_by_another(ground, link)
    with psycopg.connect(ground.conninfo, autocommit=True) as connection:
        connection.execute("checkpoint")
    assert kept(ground, begun, link, version) is None
