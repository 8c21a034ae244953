"""A transaction begins with its first statement; a pipeline is one round trip of statements, each its own."""

from contextlib import suppress

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database
from shotkit.errors import CouldNotCompleteError, ReadOnlyError
from tests.engine.conftest import ONE, statement
from tests.proxy import proxied

ADD = statement("insert into made values (%(a)s) returning a")
COUNT = statement("select count(*) from made where %(any)s")
FAIL = statement("select 1 / %(a)s::integer")


@pytest.fixture
def table(admin):
    admin.execute("create table made (a int)")
    return lambda: [a for (a,) in admin.execute("select a from made order by a")]


def test_its_first_statement_may_be_several_without_parameters(opened, table):
    with opened().transaction() as transaction:
        transaction.execute(statement("insert into made values (1); insert into made values (2)"))
    assert table() == [1, 2]


def test_one_that_runs_nothing_sends_nothing_and_a_begun_one_takes_no_trip_to_begin(empty_database, opened):
    with proxied(conninfo_to_dict(empty_database)["host"]) as proxy:
        database = Database(make_conninfo(empty_database, host=proxy.folder))
        database.rows(ONE)
        before = proxy.round_trips
        with database.transaction():
            pass
        assert proxy.round_trips == before
        with database.transaction() as transaction:
            transaction.rows(statement("select %(a)s::int as a"), a=1)
        database.close()
    assert proxy.round_trips - before == len(["BEGIN and the statement", "COMMIT"])


def test_each_statement_of_a_pipeline_sees_what_was_committed_while_the_one_before_waited(
    opened, admin, empty_database, table
):
    database = opened()
    with database.transaction() as transaction, transaction.pipeline():
        before = transaction.run(COUNT, any=True)
        assert before.tuples() == [(0,)], "read inside, it is waited for"
        admin.execute("insert into made values (1)")
        after = transaction.run(COUNT, any=True)
    assert after.rows() == [{"count": 1}]
    assert (after.count, before.rows()) == (1, [{"count": 0}])


def test_what_stands_behind_a_failed_statement_is_not_run_and_nothing_is_kept(opened, table):
    database = opened()

    def run_three() -> None:
        with database.transaction() as transaction, transaction.pipeline():
            transaction.run(ADD, a=1)
            transaction.run(FAIL, a=0)
            transaction.run(ADD, a=2)

    with pytest.raises(CouldNotCompleteError, match="division by zero"):
        run_three()
    assert table() == []
    assert database.rows(ONE) == [{"one": 1}]


def test_what_fails_between_statements_rolls_back_and_the_next_user_finds_no_trace(opened, table):
    database = opened()
    with suppress(ZeroDivisionError), database.transaction() as transaction:
        transaction.run(ADD, a=1)
        raise ZeroDivisionError
    with database.transaction() as transaction:
        assert transaction.rows(COUNT, any=True) == [{"count": 0}]
    assert table() == []


def test_a_server_that_is_read_only_stays_so(empty_database, table):
    guarded = Database(make_conninfo(empty_database, options="-c default_transaction_read_only=on"))
    with pytest.raises(ReadOnlyError), guarded.transaction() as transaction:
        transaction.run(ADD, a=1)
    guarded.close()
    assert table() == []
