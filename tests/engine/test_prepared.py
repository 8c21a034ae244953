"""Statements that are kept prepared: where nothing stands between, and only as long as they fit."""

import re
from collections.abc import Callable

import psycopg
import pyarrow as pa
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database, Read
from shotkit.errors import CouldNotCompleteError
from shotkit.sql import Statement
from tests.engine.conftest import statement
from tests.proxy import Renumbered, proxied

KEPT = statement("select name, from_sql, statement from pg_prepared_statements order by prepare_time")


def kept(text: str) -> Statement:
    names = frozenset(re.findall(r"%\((\w+)\)s", text))
    return Statement("tests/own", "a test's own", {"prepared": "to see that it is"}, names, text)


COUNTED = kept("select a, %(n)s::int as n from counted")


def prepared_on(database: Database) -> list[str]:
    return [row["statement"] for row in database.rows(KEPT)]


@pytest.fixture
def counted(admin: psycopg.Connection) -> None:
    admin.execute("create table counted as select 1 as a")


def test_what_asks_for_it_is_prepared_from_a_sessions_second_read_on(opened, counted):
    database = opened()
    for number in range(8):
        assert prepared_on(database) == ["select a, $1::int as n from counted"] * (number > 0)
        assert database.rows(COUNTED, n=number) == [{"a": 1, "n": number}]
    with database.transaction() as transaction:
        assert transaction.rows(COUNTED, n=1) == [{"a": 1, "n": 1}]
    assert len(prepared_on(database)) == 1


def test_nothing_is_prepared_where_the_session_has_another_number_than_it_told(empty_database, counted):
    with proxied(conninfo_to_dict(empty_database)["host"], Renumbered) as proxy:
        database = Database(make_conninfo(empty_database, host=proxy.folder))
        assert [database.rows(COUNTED, n=number)[0]["n"] for number in range(8)] == [*range(8)]
        assert prepared_on(database) == []
        assert database.pooled
        database.close()


@pytest.mark.parametrize("stated", [True, False])
def test_what_the_address_says_comes_first(empty_database, counted, stated):
    database = Database(empty_database, pooled=stated)
    for number in range(4):
        database.rows(COUNTED, n=number)
    assert len(prepared_on(database)) == (not stated)
    database.close()


def let_go(database: Database) -> None:
    with database._pool.connection() as one, database._pool.connection() as other:
        for connection in (one, other):
            connection.pgconn.exec_(b"deallocate all")  # the driver does not hear of it


CHANGES: dict[str, Callable[[psycopg.Connection, Database], object]] = {
    "a column's type": lambda admin, _: admin.execute("alter table counted alter a type text"),
    "a table made anew": lambda admin, _: admin.execute(
        "drop table counted; create table counted as select '1' as a"
    ),
    "all let go": lambda _, database: let_go(database),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_no_longer_fits_is_read_again_unnoticed_on_every_session(opened, admin, counted, change):
    database = opened()
    with database.transaction() as held:  # and so there are two sessions
        held.rows(KEPT)
        for number in range(3):
            database.rows(COUNTED, n=number)
    for number in range(3):
        database.rows(COUNTED, n=number)
    change(admin, database)
    read = Read(COUNTED, pa.schema({"a": pa.string(), "n": pa.int64()}), {"n": 1})
    for _ in range(6):
        assert str(database.rows(COUNTED, n=7)[0]["a"]) == "1"
        if change is not CHANGES["all let go"]:
            assert database.columns(read) == [[("1",), (1,)]]
    assert len(prepared_on(database)) == 1


def test_what_the_server_cannot_do_is_told_once_and_not_tried_for_ever(opened, admin):
    admin.execute("create view several as select 1 as a union select 2")
    database = opened()
    database.rows(statement("select 1 as one"))
    for _ in range(3):
        with pytest.raises(CouldNotCompleteError, match="0A000"):
            database.rows(kept("select distinct a from several for update"))


def test_a_failed_read_leaves_no_statement_that_the_session_does_not_have(opened, counted, admin):
    database = opened()
    database.rows(COUNTED, n=0)
    for _ in range(3):
        with pytest.raises(CouldNotCompleteError, match="division by zero"):
            database.rows(kept("select 1 / %(n)s::int as a"), n=0)
        assert database.rows(kept("select 1 / %(n)s::int as a"), n=1) == [{"a": 1}]
        assert database.rows(COUNTED, n=1) == [{"a": 1, "n": 1}]
