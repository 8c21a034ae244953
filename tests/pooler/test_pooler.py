"""Through a pooler that lends its sessions by transaction: nothing may rest on a session."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pyarrow as pa
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database, open_database
from shotkit.errors import ConfigurationError, ReadOnlyError
from shotkit.realtime import Realtime
from shotkit.schema.capabilities import look
from shotkit.sql import Statement
from tests.plugins.pooler import PORT
from tests.realtime.conftest import eventually

ON_ONE_SERVER = "it is the pooler that is tried"


def statement(text: str, *names: str) -> Statement:
    return Statement("tests/own", "a test's own", {}, frozenset(names), text)


SESSION = statement(
    "select current_user::text as role, current_setting('request.jwt.claims', true) as claims,"
    " current_setting('statement_timeout') as statements, current_setting('lock_timeout') as locks,"
    " current_setting('timezone') as zone, pg_backend_pid() as pid,"
    " (select count(*) from pg_prepared_statements) as prepared"
)
WRITE = statement("create table made (a int)")
OPENED = Callable[..., Database]


@pytest.fixture
def opened(pooled: str) -> Iterator[OPENED]:
    made = []

    def open_it(**options: object) -> Database:
        made.append(Database(pooled, **options))
        return made[-1]

    yield open_it
    for database in made:
        database.close()


def test_each_transaction_has_its_identity_and_its_settings_wherever_it_runs(opened: OPENED):
    user, other = uuid4(), uuid4()
    databases = [opened(user_id=str(user)), opened(user_id=str(other)), opened(role="anon"), opened()]
    seen, pids = set(), set()
    for _ in range(4):
        with databases[0].transaction() as held:  # so that the others get other sessions
            pids.add(held.rows(SESSION)[0]["pid"])
            for database in databases:
                [row] = database.rows(SESSION)
                pids.add(row["pid"])
                seen.add((database.acts_as, row["role"], row["claims"], row["prepared"]))
                assert (row["statements"], row["locks"], row["zone"]) == ("5min", "10s", "UTC")
    assert len(pids) > 1
    assert seen == {
        (str(user), "authenticated", f'{{"sub": "{user}", "role": "authenticated"}}', 0),
        (str(other), "authenticated", f'{{"sub": "{other}", "role": "authenticated"}}', 0),
        ("anon", "anon", "", 0),
        ("", "postgres", "", 0),
    }


def test_nothing_of_an_identity_is_left_on_the_servers_sessions(opened: OPENED, pooled: str):
    for number in range(6):
        opened(user_id=str(uuid4())).rows(SESSION)
        opened(role="service_role", read_only=bool(number % 2)).rows(SESSION)
    asked = "select current_user::text, coalesce(current_setting('request.jwt.claims', true), '')"
    with psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as plain:
        assert {plain.execute(asked).fetchone() for _ in range(12)} == {("postgres", "")}


@pytest.fixture
def unseen(pooler, pooled: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same by an address that shows none; what a session starts with is neither refused nor kept."""
    (pooler / ".s.PGSQL.5432").symlink_to(pooler / f".s.PGSQL.{PORT}")
    monkeypatch.setattr("shotkit.engine.session.startup", lambda text, **_: conninfo_to_dict(text))
    yield make_conninfo(pooled, port=5432)
    (pooler / ".s.PGSQL.5432").unlink()


@pytest.mark.parametrize("way", ["pooled", "unseen"])
@pytest.mark.parametrize("asked", [look, lambda database: database.rows(SESSION)], ids=["look", "read"])
def test_what_a_pooler_is_known_by_is_one_answer_and_once_known_settings_come_along(
    pooled, unseen, way, asked
):
    database = Database({"pooled": pooled, "unseen": unseen}[way])
    try:
        assert database.pooled is (way == "pooled")
        asked(database)
        assert database.pooled
        assert look(database).is_pooled
        assert database.rows(SESSION)[0]["locks"] == "10s"
    finally:
        database.close()


def test_a_bulk_read_acts_as_its_user_too(opened: OPENED):
    user = uuid4()
    with opened(user_id=str(user)).stream() as stream:
        [row] = stream.rows(SESSION)
    assert (row["role"], row["statements"], str(user) in row["claims"]) == ("authenticated", "5min", True)


def test_read_only_is_kept_where_the_pooler_drops_what_a_session_starts_with(opened: OPENED):
    database = opened(read_only=True)
    with pytest.raises(ReadOnlyError), database.transaction() as transaction:
        transaction.execute(WRITE)


@pytest.mark.parametrize("way", ["pooled", "unseen"])
def test_no_statement_is_prepared_however_often_it_runs_or_asks_for_it(pooled, unseen, way):
    database = Database({"pooled": pooled, "unseen": unseen}[way])
    text = "select %(n)s::int as n, (select count(*) from pg_prepared_statements) as prepared"
    asked = Statement("tests/own", "a test's own", {"prepared": "it asks for it"}, frozenset("n"), text)
    try:
        assert {database.rows(asked, n=n)[0]["prepared"] for n in range(20)} == {0}
        schema = pa.schema([("n", pa.int64()), ("prepared", pa.int64())])
        assert database.table(asked, schema, n=1).num_rows == 1
    finally:
        database.close()


def test_others_changes_are_asked_for_at_once_and_listen_is_not_even_tried(opened: OPENED, monkeypatch):
    def listened(_: Database) -> None:
        raise AssertionError("LISTEN, on a session that is another one in a moment")

    monkeypatch.setattr(Database, "listen", listened)
    came = []
    realtime = Realtime(opened(), came.append)
    watch = realtime.watch(str(uuid4()))
    eventually(lambda: realtime.status == "polling")
    watch.stop()
    realtime.close()


def test_a_pooler_that_nobody_told_of_is_told_of_and_how_to_say_so(pooled: str, monkeypatch):
    with pytest.raises(ConfigurationError, match="add pooler=transaction to the address"):
        open_database(f"{pooled} pooler=none")
    monkeypatch.setenv("SHOTKIT_POOLER", "session")
    with pytest.raises(ConfigurationError, match="pooler=transaction"):
        open_database(pooled)
    monkeypatch.setenv("SHOTKIT_POOLER", "transaction")
    database = open_database(pooled)
    assert database.pooled
    assert database.rows(SESSION)[0]["locks"] == "10s"
    database.close()
