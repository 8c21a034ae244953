"""Realtime over the triggers of our own schema."""

import gc
import threading

import pytest

from shotkit.errors import ConfigurationError
from shotkit.realtime import Pace, Realtime
from tests.realtime.conftest import HURRIED


def listening(received, id_):
    """Until LISTEN is in force; everything watched is then told once."""
    received.of(id_, "connected")


@pytest.fixture
def shot(committed):
    return committed.shot()


def test_the_change_of_another_session_arrives(realtime, received, committed, shot):
    watch = realtime.watch(shot)
    listening(received, shot)
    committed.link(shot, committed.generation())
    told = received.of(shot)
    assert (told.table, told.shot_ids, told.reason) == ("shot_generations", (str(shot),), "notified")
    assert (told.generation_ids, told.project_ids) == ((), ())
    assert realtime.status == "listening"
    assert repr(realtime) == "<Realtime listening, 1 watched>"
    assert repr(watch) == f"<Watch shot_id {shot}>"


def test_nothing_runs_before_the_first_watch_nor_after_the_last(realtime, received, shot):
    assert realtime.status == "off"
    assert not received.changes
    first, again = realtime.watch(shot), realtime.watch(str(shot).upper())
    listening(received, shot)
    [thread] = received.threads
    assert thread.daemon
    first.stop()
    first.stop()
    assert realtime.status == "listening"
    again.stop()
    thread.join(30)
    assert realtime.status == "off"
    watch = realtime.watch(shot)
    listening(received, shot)
    assert watch.id == str(shot)


def test_what_nobody_holds_is_watched_no_longer(realtime, received, committed, shot):
    kept, dropped = realtime.watch(shot), realtime.watch(committed.shot())
    assert repr(realtime).endswith(" 2 watched>")
    del dropped
    gc.collect()
    assert repr(realtime).endswith(" 1 watched>")
    kept.stop()


def test_what_is_not_watched_is_not_told(realtime, received, committed, shot):
    generation, other = committed.generation(), committed.shot()
    watch = realtime.watch(shot)
    listening(received, shot)
    committed.link(other, generation)
    committed.link(shot, generation)
    assert received.of(shot).ids == (str(shot),)
    watch.stop()


def test_the_writes_of_one_transaction_are_told_as_one(open_realtime, database, received, committed, shot):
    realtime = open_realtime(database, Pace(joined=0.1))
    other, generation = committed.shot(), committed.generation()
    watches = [realtime.watch(shot), realtime.watch(other)]
    listening(received, other)
    with committed.connection.transaction():
        xid = int(committed.one("select pg_current_xact_id()::text"))
        for frame in range(5):
            committed.link(shot, generation, frame)
            committed.link(other, generation, frame)
    told = received.until(lambda changed: changed.reason == "notified")
    assert told.xids == {str(watch.id): {xid} for watch in watches}
    committed.link(shot, generation)
    assert received.of(shot).ids == (str(shot),)


def test_the_echo_of_an_own_write_is_dropped_and_the_next_change_is_not(realtime, received, committed, shot):
    watch = realtime.watch(shot)
    listening(received, shot)
    generation = committed.generation()
    with committed.connection.transaction():
        own = committed.one("select pg_current_xact_id()::text")
        committed.link(shot, generation, 0)
        realtime.ignore(own)
    committed.link(shot, generation, 1)
    told = received.of(shot)
    assert int(own) not in told.xids[str(shot)]
    watch.stop()


def test_a_change_that_the_data_already_has_is_older_than_the_data(realtime, received, committed, shot):
    watch = realtime.watch(shot)
    listening(received, shot)
    before = committed.one("select pg_current_snapshot()::text")
    committed.link(shot, committed.generation())
    after = committed.one("select pg_current_snapshot()::text")
    told = received.of(shot)
    assert [told.is_older(str(shot), snapshot) for snapshot in (before, after)] == [False, True]
    watch.stop()


def test_data_read_before_anybody_listened_is_told_to_be_doubtful_unless_nothing_happened(
    realtime, received, committed, shot
):
    before = committed.one("select pg_current_snapshot()::text")
    committed.link(shot, committed.generation())
    after = committed.one("select pg_current_snapshot()::text")
    watch = realtime.watch(shot)
    told = received.of(shot, "connected")
    assert [told.is_older(str(shot), snapshot) for snapshot in (before, after)] == [False, True]
    watch.stop()


def test_a_variant_is_told_to_who_watches_its_generation_or_any_shot(realtime, received, committed, shot):
    generation = committed.generation("/a.png")
    first = realtime.watch_generation(generation)
    listening(received, generation)
    committed.variant(generation, primary=True)
    assert received.of(generation, "notified").generation_ids == (str(generation),)
    watch = realtime.watch(shot)
    first.stop()
    committed.run("update generation_variants set viewed_at = now() where is_primary")
    assert received.of(generation).table == "generation_variants"
    watch.stop()


def test_an_added_a_renamed_and_a_deleted_shot_are_told_to_who_watches_the_project(
    realtime, received, committed
):
    watch = realtime.watch_project(committed.project)
    listening(received, committed.project)
    committed.shot()
    assert received.of(committed.project).project_ids == (str(committed.project),)
    for write in ("update shots set name = 'new'", "delete from shots"):
        committed.run(write)
        assert received.of(committed.project).table == "shots"
    watch.stop()


HOSTILE = [
    "",
    "x",
    "{}",
    "[" * 7999,
    '{"table": "shot_generations", "shot_id": 7, "xid": "1"}',
    "\U0001f600" * 1999,
]


def test_foreign_payloads_are_counted_and_stop_nothing(realtime, received, committed, shot):
    watch = realtime.watch(shot)
    listening(received, shot)
    for payload in HOSTILE:
        committed.run("select pg_notify('shotkit', %s)", payload)
    committed.link(shot, committed.generation())
    assert received.of(shot).reason == "notified"
    assert realtime.ignored == len(HOSTILE)
    watch.stop()


def test_a_receiver_that_fails_is_logged_and_told_of_the_next_change(
    realtime, received, committed, shot, caplog
):
    received.failing = [ValueError("a receiver's own fault")]
    watch = realtime.watch(shot)
    listening(received, shot)
    committed.link(shot, committed.generation())
    assert received.of(shot).reason == "notified"
    assert "a receiver's own fault" in caplog.text
    watch.stop()


def test_who_may_only_read_listens_too(open_realtime, database, received, committed, shot):
    realtime = open_realtime(database, read_only=True)
    watch = realtime.watch(shot)
    listening(received, shot)
    committed.link(shot, committed.generation())
    assert received.of(shot).reason == "notified"
    watch.stop()


def test_a_user_under_row_level_security_hears_ids_and_sees_nothing_by_them(
    open_realtime, database, received, committed, shot
):
    realtime = open_realtime(database, user_id=str(committed.new_user()))
    watch = realtime.watch(shot)
    listening(received, shot)
    committed.link(shot, committed.generation())
    assert received.of(shot).reason == "notified"
    with committed.connection.transaction(), committed.acting("authenticated", committed.new_user()):
        assert committed.one("select count(*) from shot_generations") == 0
    watch.stop()


def test_close_ends_the_thread_and_every_watch(open_realtime, database, received, shot):
    realtime = open_realtime(database)
    watch = realtime.watch(shot)
    listening(received, shot)
    realtime.close()
    [thread] = received.threads
    assert not thread.is_alive()
    assert repr(realtime) == "<Realtime off, 0 watched>"
    watch.stop()
    with pytest.raises(ConfigurationError, match="closed"):
        realtime.watch(shot)


def test_a_receiver_may_close_it(engine, shot):
    closed = threading.Event()

    def close(_):
        realtime.close()
        closed.set()

    realtime = Realtime(engine, close, pace=HURRIED)
    watch = realtime.watch(shot)
    assert closed.wait(30)
    assert watch.id == str(shot)


@pytest.mark.parametrize("wrong", ["", "shot", None, 7, "'; drop table shots; --"])
def test_what_is_no_id_is_refused(realtime, wrong):
    with pytest.raises(ConfigurationError, match="is no id to watch"):
        realtime.watch(wrong)
    assert realtime.status == "off"


def test_the_tests_hurry_is_not_the_users():
    assert Pace() != HURRIED
    assert Pace() == Pace(joined=0.1, probe=2.0, polls=(1.0, 15.0), pauses=(0.1, 30.0))
