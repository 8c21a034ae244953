"""Reads and transactions of a Database."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pyarrow as pa
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database
from shotkit.errors import (
    ReadOnlyError,
    SchemaMismatchError,
)
from tests.engine.conftest import ONE, statement
from tests.proxy import proxied

WRITE = statement("create table made (a int)")


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


@pytest.mark.parametrize("at", ["0001-01-01 00:00:00", "1969-12-31 23:59:59.9", "9999-12-31 23:59:59.999999"])
def test_moments_are_exact(opened, at):
    schema = pa.schema({"at": pa.timestamp("us", tz="UTC")})
    text = "select null::timestamptz as at union all select %(at)s::timestamptz"
    found = opened().table(statement(text), schema, at=f"{at}Z")["at"].to_pylist()
    assert found == [None, datetime.fromisoformat(at).replace(tzinfo=UTC)]


@pytest.mark.parametrize("at", ["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"])
def test_a_moment_that_no_frame_holds_is_named(opened, at):
    schema = pa.schema({"at": pa.timestamp("us", tz="UTC")})
    with pytest.raises(SchemaMismatchError, match=at.split(" ")[0]):
        opened().table(statement("select %(at)s::timestamptz as at"), schema, at=at)


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
    with pytest.raises(ReadOnlyError, match="The connection is read-only, so nothing was written"):
        opened().rows(WRITE)


def test_its_texts_name_the_place_and_no_secret(guarded):
    database = Database(guarded, read_only=True)
    assert repr(database) == f"<Database {database.name} read-only>"
    assert "user=canary" in database.name
    assert "s3cr3t" not in repr(database)
    assert psycopg.conninfo.conninfo_to_dict(database.name)["dbname"] == "postgres"
    database.close()
