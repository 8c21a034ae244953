"""What a session is told at its start, and whom it acts as."""

from uuid import uuid4

import pytest
from psycopg.conninfo import make_conninfo

from shotkit.engine import Database
from shotkit.errors import (
    ConfigurationError,
    NotPermittedError,
    QueryTimeoutError,
    ReadOnlyError,
)
from tests.engine.conftest import ONE, SLEEP, statement

WHO = statement("select current_user::text as role, current_setting('request.jwt.claims', true) as claims")
SETTING = statement("select current_setting(%(name)s) as value")
WRITE = statement("create table made (a int)")


def setting(database, name):
    return database.rows(SETTING, name=name)[0]["value"]


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
