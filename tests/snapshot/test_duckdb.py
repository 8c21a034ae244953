"""A snapshot under DuckDB: it reads as the database does, and nothing else, and writes nothing."""

import pyarrow as pa
import pytest

from shotkit.engine import Read
from shotkit.errors import CouldNotCompleteError, SchemaMismatchError
from tests.snapshot.conftest import said

COUNTED = pa.schema([("n", pa.int64())])


def test_rows_come_as_dicts_and_take_parameters_by_name(duck):
    wanted = said("select id from public.shots where id = %(id)s and 'a%%b' like 'a%%'")
    (first, *_) = duck.rows(said("select id from public.shots order by id"))
    assert duck.rows(wanted, id=first["id"]) == [first]


def test_a_table_has_the_schema_asked_for(duck):
    table = duck.table(said("select sum(timeline_frame) as n from public.shot_generations"), COUNTED)
    assert table.schema == COUNTED


def test_a_table_of_other_columns_is_refused(duck):
    with pytest.raises(SchemaMismatchError, match=r"returned \['m'\], expected \['n'\]"):
        duck.table(said("select 1 as m"), COUNTED)


def test_a_value_that_does_not_fit_is_refused(duck):
    with pytest.raises(SchemaMismatchError, match="do not fit"):
        duck.table(said("select 'x' as n"), COUNTED)


def test_reads_and_transactions_are_as_a_database_has_them(duck):
    count = said("select count(*) as n from public.generations")
    with duck.transaction(read_only=True, repeatable=True) as transaction:
        assert duck.columns(Read(count, COUNTED, {})) == [[[60]]]
        assert transaction.table(count, COUNTED)["n"].to_pylist() == [60]


def test_a_moment_is_of_utc(duck):
    (row,) = duck.rows(said("select max(created_at) as at from public.generations"))
    assert row["at"].utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    "text",
    [
        "select * from read_csv('/etc/passwd')",
        "copy public.shots to '/tmp/stolen'",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "set memory_limit = '1TB'",
    ],
)
def test_nothing_but_the_folder_is_reached(duck, text):
    with pytest.raises(CouldNotCompleteError, match=r"refused sql/test\.sql"):
        duck.rows(said(text))


def test_a_missing_table_is_told_as_such(duck):
    with pytest.raises(SchemaMismatchError, match="nothing does not exist"):
        duck.rows(said("select * from public.nothing"))
