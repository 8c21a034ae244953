"""The pool outlives its connections, forks and crowds."""

import os
import signal
import threading

import psycopg
import pytest

from shotkit.errors import (
    CouldNotCompleteError,
)
from tests.engine.conftest import ONE, PID, SLEEP, statement


def test_connections_are_reused(opened):
    database = opened()
    assert database.rows(PID) == database.rows(PID)


def test_a_connection_that_died_while_idle_is_replaced_unnoticed(opened, admin):
    database = opened()
    with database._pool.connection(), database._pool.connection():
        pass  # two idle ones
    dead = admin.execute(
        "select pid, pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid() and application_name = 'shotkit'"
    ).fetchall()
    assert len(dead) == 2
    assert database.rows(PID)[0]["pid"] not in {pid for pid, _ in dead}


def test_a_notice_to_an_idle_connection_does_not_end_it(opened, admin):
    database = opened()
    before = database.rows(PID)
    with database._pool.connection() as connection:
        connection.execute("listen shotkit")
    admin.execute("notify shotkit")
    assert database.rows(PID) == before


def test_an_error_leaves_the_connection_clean(opened):
    database = opened()
    before = database.rows(PID)
    for text in ("select 1/0", "select * from nowhere", "no sql at all"):
        with pytest.raises(CouldNotCompleteError):
            database.rows(statement(text))
        with pytest.raises(CouldNotCompleteError), database.transaction() as transaction:
            transaction.rows(statement(text))
    assert database.rows(PID) == before


def sleep_in_a_transaction(database):
    run_in_a_transaction(database, SLEEP)


@pytest.mark.parametrize("sleep", [lambda database: database.rows(SLEEP), sleep_in_a_transaction])
def test_ctrl_c_in_mid_query_ends_it_on_the_server_and_leaves_the_pool_usable(opened, admin, sleep):
    database = opened()
    pid = database.rows(PID)[0]["pid"]

    def press_once_it_runs():
        while (
            admin.execute(
                "select from pg_stat_activity where pid = %s and wait_event = 'PgSleep'", (pid,)
            ).fetchone()
            is None
        ):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press_once_it_runs)
    presser.start()
    with pytest.raises(KeyboardInterrupt):
        sleep(database)
    presser.join()
    assert not admin.execute("select from pg_stat_activity where wait_event = 'PgSleep'").fetchall()
    assert database.rows(ONE)


def test_a_forked_child_opens_connections_of_its_own(opened, tmp_path):
    database = opened()
    parent = database.rows(PID)
    told = tmp_path / "told"
    if (child := os.fork()) == 0:
        try:
            told.write_text(str(database.rows(PID)[0]["pid"]))
            database.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert int(told.read_text()) != parent[0]["pid"]
    assert database.rows(PID) == parent


def test_more_at_once_than_there_are_connections_is_told(opened, monkeypatch):
    monkeypatch.setattr("shotkit.engine.pool.PATIENCE", 0.01)
    monkeypatch.setattr("shotkit.engine.pool.MORE", 0)
    monkeypatch.setattr("shotkit.engine.pool.IDLE", 1)
    database = opened()
    with database.transaction(), pytest.raises(CouldNotCompleteError, match="All 1 connections were busy"):
        database.rows(ONE)


def test_parallel_readers_each_get_their_answer(opened):
    database = opened()
    found = []
    echo = statement("select %(n)s::int as n")
    threads = [
        threading.Thread(target=lambda n=n: found.append((n, database.rows(echo, n=n)[0]["n"])))
        for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(n, n) for n in range(40)]


FAILS = statement("select 1/0")


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), psycopg.OperationalError("gone")], ids=repr)
def test_what_breaks_a_rollback_is_told_once_and_ends_that_connection_alone(
    opened, monkeypatch, caplog, fault
):
    database = opened()
    before = database.rows(PID)

    def broken(_):
        raise fault

    interrupted = isinstance(fault, KeyboardInterrupt)
    monkeypatch.setattr(psycopg.Connection, "rollback", broken)
    with pytest.raises(KeyboardInterrupt if interrupted else CouldNotCompleteError):
        run_in_a_transaction(database, FAILS)
    monkeypatch.undo()
    assert caplog.text == ""
    assert database.rows(PID) != before


def run_in_a_transaction(database, text):
    with database.transaction() as transaction:
        transaction.rows(text)
