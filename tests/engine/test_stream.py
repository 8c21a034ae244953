"""A stream reads in bulk within one transaction, under the identity, and tells what went wrong in words."""

from contextlib import closing

import psycopg
import pytest

from shotkit.engine import Database, stream
from shotkit.errors import ConnectionLostError, CouldNotCompleteError, SchemaMismatchError

MANY = "select repeat('x', 1000000) as text from generate_series(1, 100)"


@pytest.fixture
def opened(database):
    with closing(Database(database)) as opened:
        yield opened


def test_every_read_shows_the_same_moment(opened, database):
    count = "select count(*) as n from public.users"
    with opened.stream() as stream, psycopg.connect(database, autocommit=True) as other:
        before = stream.read(count).to_pylist()
        other.execute("insert into users (name) values ('later')")
        assert stream.read(count).to_pylist() == before == [{"n": 0}]


def test_what_is_known_of_a_server_is_read_once_and_no_connection_kept(opened, database):
    known = stream._server.cache_info()
    for count in (1, 2):
        with opened.stream() as first:
            assert first.read("select 1 as n").to_pylist() == [{"n": 1}]
        found = stream._server.cache_info()
        assert (found.misses - known.misses, found.hits - known.hits) == (1, count - 1)
    with psycopg.connect(database) as other:
        others = "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        other.autocommit = True
        assert any(
            not other.execute(others).rowcount for _ in range(1000)
        )  # they may still be on their way out


def test_nothing_can_be_written(opened):
    with (
        pytest.raises(CouldNotCompleteError, match="read-only, so nothing was written"),
        opened.stream() as stream,
    ):
        stream.read("insert into public.users (name) values ('one') returning id::text")


def test_it_acts_as_the_user(database):
    user = "11111111-1111-4111-8111-111111111111"
    with closing(Database(database, user_id=user)) as acting, acting.stream() as stream:
        (row,) = stream.read("select current_user::text as role, auth.uid()::text as id").to_pylist()
    assert row == {"role": "authenticated", "id": user}


def test_rows_come_in_batches(opened):
    with opened.stream() as stream, closing(stream.batches(MANY)) as batches:
        found = [len(batch) for batch in batches]
    assert len(found) > 1
    assert sum(found) == 100


def test_who_reads_may_stop_early(opened):
    with opened.stream() as stream, closing(stream.batches(MANY)) as batches:
        next(batches)
    assert opened.server_version


def test_a_wrong_query_is_told(opened):
    with (
        pytest.raises(SchemaMismatchError, match='said: relation "nothing" does not exist'),
        opened.stream() as stream,
    ):
        stream.read("select * from nothing")


@pytest.mark.parametrize(
    ("function", "error"),
    [("pg_terminate_backend", ConnectionLostError), ("pg_cancel_backend", CouldNotCompleteError)],
)
def test_what_ends_it_in_mid_read_is_told(opened, database, function, error):
    with opened.stream() as stream, psycopg.connect(database, autocommit=True) as other:
        (row,) = stream.read("select pg_backend_pid() as pid").to_pylist()
        batches = stream.batches(MANY)
        next(batches)
        other.execute(f"select {function}(%s)", (row["pid"],))
        with pytest.raises(error), closing(batches):
            list(batches)
