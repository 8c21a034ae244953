"""Reads, transactions and identities of a Database, and a pool that outlives its connections."""

import os
import signal
import threading
from contextlib import suppress
from uuid import uuid4

import psycopg
import pyarrow as pa
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database
from shotkit.errors import (
    ConfigurationError,
    CouldNotCompleteError,
    NotPermittedError,
    QueryTimeoutError,
    ReadOnlyError,
    SchemaMismatchError,
)
from tests.engine.conftest import ONE, PID, SLEEP, statement
from tests.engine.proxy import proxied

WHO = statement("select current_user::text as role, current_setting('request.jwt.claims', true) as claims")
SETTING = statement("select current_setting(%(name)s) as value")
WRITE = statement("create table made (a int)")


def setting(database, name):
    return database.rows(SETTING, name=name)[0]["value"]


@pytest.fixture
def authenticated(admin):
    """The role of Supabase's users, for the length of a test."""
    exists = admin.execute("select from pg_roles where rolname = 'authenticated'").fetchall()
    if not exists:
        admin.execute("create role authenticated")
    yield
    if not exists:
        admin.execute("drop role authenticated")


def test_rows_are_dicts_and_parameters_are_bound(opened):
    hostile = "'; drop table x; --"
    rows = opened().rows(statement("select %(a)s::text as a, 10 %% 3 as b"), a=hostile)
    assert rows == [{"a": hostile, "b": 1}]


def test_a_table_has_the_schemas_types_also_without_rows(opened):
    schema = pa.schema({"id": pa.string(), "frame": pa.int64(), "at": pa.timestamp("us", "UTC")})
    text = "select 'x' as id, null::int as frame, '2026-01-01 02:00+01'::timestamptz as at where %(some)s"
    database = opened()
    for some, count in ((True, 1), (False, 0)):
        table = database.table(statement(text), schema, some=some)
        assert table.schema == schema
        assert table.num_rows == count
    assert database.table(statement(text), schema, some=True)["frame"].to_pylist() == [None]


@pytest.mark.parametrize("text", ["select 1 as other", "select 'no number' as n"])
def test_other_columns_or_types_than_the_schemas_are_refused(opened, text):
    with pytest.raises(SchemaMismatchError, match="n"):
        opened().table(statement(text), pa.schema({"n": pa.int64()}))


def test_a_transaction_commits_at_its_end_and_rolls_back_on_an_error(opened):
    database = opened()
    with database.transaction() as transaction:
        transaction.execute(WRITE)
    with suppress(ZeroDivisionError), database.transaction() as transaction:
        assert transaction.execute(statement("insert into made values (1), (2)")) == 2
        raise ZeroDivisionError
    assert database.rows(statement("select count(*) as n from made")) == [{"n": 0}]


def test_repeatable_gives_all_statements_one_snapshot(opened, admin):
    admin.execute("create table seen (a int)")
    count = statement("select count(*) as n from seen")
    with opened().transaction(read_only=True, repeatable=True) as transaction:
        before = transaction.rows(count)
        admin.execute("insert into seen values (1)")
        assert transaction.rows(count) == before


def test_a_read_is_one_round_trip_with_and_without_an_identity(empty_database, authenticated):
    target = conninfo_to_dict(empty_database)["host"]
    with proxied(target) as proxy:
        address = make_conninfo(empty_database, host=proxy.folder)
        for who in ({}, {"user_id": str(uuid4())}):
            database = Database(address, **who)
            database.rows(ONE)
            before = proxy.round_trips
            for _ in range(3):
                assert database.rows(ONE) == [{"one": 1}]
            assert proxy.round_trips - before == 3
            before = proxy.round_trips
            assert database.server_version
            assert database.database_name.endswith("_scratch")
            assert proxy.round_trips == before
            database.close()


def test_a_read_never_writes(opened):
    with pytest.raises(ReadOnlyError, match="CREATE TABLE in a read-only transaction"):
        opened().rows(WRITE)


def test_a_read_only_database_is_read_only_by_the_servers_own_setting(opened):
    database = opened(read_only=True)
    assert setting(database, "default_transaction_read_only") == "on"
    with pytest.raises(ReadOnlyError), database.transaction() as transaction:
        transaction.execute(WRITE)


def test_a_session_is_named_in_utc_and_bounded_in_time(opened, monkeypatch):
    monkeypatch.setenv("PGTZ", "Europe/Berlin")
    monkeypatch.setenv("PGDATESTYLE", "German")
    database = opened()
    assert setting(database, "TimeZone") == "UTC"
    assert setting(database, "DateStyle").startswith("ISO")
    assert setting(database, "application_name") == "shotkit"
    assert setting(database, "statement_timeout") == "5min"
    assert setting(database, "lock_timeout") == "10s"


def test_the_address_may_change_the_timeouts_but_not_lift_read_only(empty_database, monkeypatch):
    monkeypatch.setenv("SHOTKIT_STATEMENT_TIMEOUT", "90 s")
    options = "-c lock_timeout=77 -c default_transaction_read_only=off -c search_path=own,\\ public"
    database = Database(make_conninfo(empty_database, options=options), read_only=True)
    assert setting(database, "statement_timeout") == "90s"
    assert setting(database, "lock_timeout") == "77ms"
    assert setting(database, "default_transaction_read_only") == "on"
    assert setting(database, "search_path") == "own, public"
    database.close()


def test_options_of_the_environment_are_kept(opened, monkeypatch):
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1234")
    assert setting(opened(), "statement_timeout") == "1234ms"


@pytest.mark.parametrize("value", ["soon", "5 -c a=b", "٣s"])
def test_a_statement_timeout_that_is_no_duration_is_refused(opened, monkeypatch, value):
    monkeypatch.setenv("SHOTKIT_STATEMENT_TIMEOUT", value)
    with pytest.raises(ConfigurationError, match="SHOTKIT_STATEMENT_TIMEOUT"):
        opened().rows(ONE)


def test_the_statement_timeout_strikes(opened, monkeypatch):
    monkeypatch.setenv("SHOTKIT_STATEMENT_TIMEOUT", "20ms")
    database = opened()
    with pytest.raises(QueryTimeoutError, match="raise SHOTKIT_STATEMENT_TIMEOUT"):
        database.rows(SLEEP)
    assert database.rows(ONE)


def test_an_identity_holds_within_each_transaction_and_not_beyond(opened, authenticated):
    user = uuid4()
    database = opened(user_id=str(user).upper())
    expected = [{"role": "authenticated", "claims": f'{{"sub": "{user}", "role": "authenticated"}}'}]
    assert database.rows(WHO) == expected
    with database.transaction() as transaction:
        assert transaction.rows(WHO) == expected
    with database._pool.connection() as connection:
        left = connection.execute(WHO.text).fetchone()
    assert left == ("postgres", "")


@pytest.mark.parametrize("user_id", ["me", "", "' or true", 7])
def test_a_user_id_that_is_no_uuid_is_refused(empty_database, user_id):
    with pytest.raises(ConfigurationError, match="no user id"):
        Database(empty_database, user_id=user_id)


@pytest.mark.parametrize("role", ["a b", "x;y", "none", "", "röle", "a" * 64])
def test_a_role_that_is_no_name_is_refused(empty_database, role):
    with pytest.raises(ConfigurationError, match="no name of a role"):
        Database(empty_database, role=role)


def test_a_role_the_server_lacks_is_told_when_verified(opened):
    with pytest.raises(ConfigurationError, match='role "no_such" does not exist'):
        opened(role="no_such").verify()


def test_a_role_one_may_not_take_is_not_permitted(guarded):
    database = Database(guarded, role="postgres")
    with pytest.raises(NotPermittedError, match="set role"):
        database.verify()
    database.close()


def test_an_old_server_is_refused_by_its_version(opened, monkeypatch):
    monkeypatch.setattr("shotkit.engine.session.OLDEST", 990000)
    with pytest.raises(ConfigurationError, match=r"The server is PostgreSQL \d+.*14 to 18"):
        opened().rows(ONE)


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
    with database.transaction() as transaction:
        transaction.rows(SLEEP)


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


def test_its_texts_name_the_place_and_no_secret(guarded):
    database = Database(guarded, read_only=True)
    assert repr(database) == f"<Database {database.name} read-only>"
    assert "user=canary" in database.name
    assert "s3cr3t" not in repr(database)
    assert psycopg.conninfo.conninfo_to_dict(database.name)["dbname"] == "postgres"
    database.close()
