"""What the driver raises becomes one line with the way out, and never shows a password."""

import os
import signal
import threading
import traceback
from contextlib import contextmanager, suppress

import psycopg
import pytest

from shotkit.engine import Database, open_database
from shotkit.engine.faults import first_line, unreachable
from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    CouldNotCompleteError,
    InvalidChangeError,
    NotFoundError,
    NotPermittedError,
    QueryTimeoutError,
    SchemaMismatchError,
    ServerUnreachableError,
    ShotkitError,
)
from tests.engine.conftest import ONE, SECRET, SLEEP, statement


def refusal(address, kind=ServerUnreachableError):
    with pytest.raises(kind) as caught:
        open_database(address)
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert SECRET not in told
    assert "\n" not in str(caught.value)
    assert "Way out" in str(caught.value)
    return str(caught.value)


def test_no_server_at_the_address_is_told():
    assert "Connection refused" in refusal(f"postgresql://u:{SECRET}@127.0.0.1:1/x")
    assert "host=/nowhere" in refusal(f"host=/nowhere user=u password={SECRET}")
    assert "check the name of the host" in refusal(f"postgresql://u:{SECRET}@no-such-host.invalid/x")


def test_several_hosts_without_a_server_are_told_in_one_line():
    assert "127.0.0.1" in refusal(f"postgresql://u:{SECRET}@127.0.0.1:1,127.0.0.1:2/x")


def test_a_wrong_or_missing_password_is_told(guarded, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    wrong = guarded.replace(SECRET, f"{SECRET}-wrong")
    assert "check the user and the password" in refusal(wrong)
    assert "no password supplied" in refusal(guarded.replace(f"password={SECRET}", ""))
    monkeypatch.setenv("PGPASSWORD", f"{SECRET}-wrong")
    assert "check the user and the password" in refusal(guarded.replace(f"password={SECRET}", ""))


def test_the_right_password_opens(guarded):
    database = open_database(guarded)
    assert database.rows(ONE)
    database.close()


def test_an_unknown_database_or_user_is_told(server):
    assert "check the name of the database" in refusal(server.conninfo("no_such"))
    assert "check the name of the user" in refusal(f"{server.conninfo()} user=no_such")


def test_an_unknown_service_is_a_wrong_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    (tmp_path / "services").write_text(f"[prod]\nhost=127.0.0.1\nport=1\npassword={SECRET}\n")
    assert "check the name against" in refusal("service=other", ConfigurationError)
    assert "service=prod" in refusal("service=prod")
    (tmp_path / "services").write_text(f"[prod]\npassword {SECRET}\n")
    assert "pg_service.conf" in refusal("service=prod", ConfigurationError)


def test_a_setting_the_server_does_not_know_is_a_wrong_configuration(server):
    for wrong in ("options='-c no_such=1'", "options='-c statement_timeout=x'", "sslmode=x"):
        refusal(f"{server.conninfo()} {wrong}", ConfigurationError)
    refusal(f"{server.conninfo()} connect_timeout=x", ConfigurationError)


def test_too_many_connections_are_told(server, admin, empty_database):
    name = admin.info.dbname
    admin.execute(f"create role crowd login; alter database {name} connection limit 0")
    try:
        assert "close other sessions" in refusal(f"{empty_database} user=crowd")
    finally:
        admin.execute("drop role crowd")


@contextmanager
def meanwhile(admin, act):
    """Do something to the process of the session that sleeps, once it sleeps."""
    sleepers = (
        "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
    )

    def run():
        while not (found := admin.execute(sleepers).fetchone()):
            pass
        act(*found)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()


def test_a_session_that_the_server_ends_in_mid_query_is_lost_and_the_next_works(opened, admin, caplog):
    database = opened()
    with (
        meanwhile(admin, lambda pid: admin.execute("select pg_terminate_backend(%s)", (pid,))),
        pytest.raises(ConnectionLostError),
    ):
        database.rows(SLEEP)
    with (
        meanwhile(admin, lambda pid: admin.execute("select pg_terminate_backend(%s)", (pid,))),
        pytest.raises(ConnectionLostError, match="when the server is back"),
        database.transaction() as transaction,
    ):
        transaction.rows(SLEEP)
    assert database.rows(ONE)
    assert not caplog.records  # the pool was not handed a corpse


def test_a_statement_cancelled_by_somebody_is_no_timeout(opened, admin):
    with (
        meanwhile(admin, lambda pid: admin.execute("select pg_cancel_backend(%s)", (pid,))),
        pytest.raises(CouldNotCompleteError, match="was cancelled") as caught,
    ):
        opened().rows(SLEEP)
    assert not isinstance(caught.value, QueryTimeoutError)


def test_a_row_locked_by_another_is_waited_for_no_longer_than_the_lock_timeout(opened, admin, empty_database):
    admin.execute("create table held (a int); insert into held values (1)")
    database = opened()
    with psycopg.connect(empty_database) as other:
        other.execute("update held set a = 2")
        with database.transaction() as transaction:
            transaction.execute(statement("set local lock_timeout = 10"))
            with pytest.raises(QueryTimeoutError, match="another session"):
                transaction.execute(statement("update held set a = 3"))
        other.rollback()


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("select * from nowhere", SchemaMismatchError, "shotkit db columns"),
        ("select nothing from pg_class", SchemaMismatchError, "shotkit db columns"),
        ("select nowhere.f()", SchemaMismatchError, "shotkit db columns"),
        ("insert into own values (1), (1)", InvalidChangeError, "nothing was written"),
        ("do $$ begin raise E'no\\nnot so\\x1b[31m'; end $$", InvalidChangeError, "The server said: no. Way"),
        (
            "do $$ begin raise exception 'there is no shot x' using errcode = 'P0002'; end $$",
            NotFoundError,
            "no shot x",
        ),
        ("do $$ begin raise sqlstate '40001'; end $$", CouldNotCompleteError, "run it again"),
        ("do $$ begin raise sqlstate '40P01'; end $$", CouldNotCompleteError, "run it again"),
        ("do $$ begin raise sqlstate '53100'; end $$", CouldNotCompleteError, "make room"),
        ("select 1/0", CouldNotCompleteError, "division by zero"),
    ],
)
def test_what_the_server_refuses_is_told_by_its_kind(opened, admin, text, kind, words):
    admin.execute("create table own (a int primary key)")
    with pytest.raises(kind) as caught, opened().transaction() as transaction:
        transaction.execute(statement(text))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_row_one_may_not_read_is_not_permitted(guarded):
    database = Database(guarded)
    with pytest.raises(NotPermittedError, match="connect as a user who may"):
        database.rows(statement("select * from pg_authid"))
    database.close()


def test_control_characters_and_endless_lines_are_cut():
    error = psycopg.OperationalError("connection failed: \x1b[31mred\x07 \x9b" + "x" * 5000 + "\nsecond")
    line = first_line(error)
    assert line.startswith("[31mred")
    assert line.isprintable()
    assert len(line) <= 300


def test_a_pooler_without_session_settings_is_told():
    error = psycopg.OperationalError(
        "connection failed: FATAL:  unsupported startup parameter in options: statement_timeout"
    )
    told = unreachable(error, "host=pooler")
    assert isinstance(told, ConfigurationError)
    assert "host=pooler" in str(told)


def test_when_a_session_is_killed_all_are_lost_and_the_server_is_found_again(opened, admin):
    database = opened()
    # The server then ends the other sessions too, and recovers.
    with meanwhile(admin, lambda pid: os.kill(pid, signal.SIGKILL)), pytest.raises(ConnectionLostError):
        database.rows(SLEEP)
    while True:
        with suppress(ServerUnreachableError, ConnectionLostError):
            assert database.rows(ONE)
            break


def test_every_error_has_one_line(opened):
    with pytest.raises(ShotkitError) as caught:
        opened().rows(statement("select *\nfrom\nnowhere"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("prepared", "refused", "said"),
    [
        (
            "create table secrets (n int)",
            "select * from secrets",
            "This user may not use the table secrets. Way out",
        ),
        (
            "create table rows (); alter table rows enable row level security; grant all on rows to public",
            "insert into rows default values",
            "This user may not write such a row of rows. Way out",
        ),
    ],
)
@pytest.mark.usefixtures("authenticated")
def test_a_missing_right_is_told_in_a_users_words(opened, admin, prepared, refused, said):
    admin.execute(prepared)
    database = opened(role="authenticated")
    with pytest.raises(NotPermittedError, match=said), database.transaction() as transaction:
        transaction.execute(statement(refused))
