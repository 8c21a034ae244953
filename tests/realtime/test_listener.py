"""The listening session itself."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Heard, Listener
from shotkit.errors import ConnectionLostError, ShotkitError
from tests.proxy import Halves, Hole, proxied
from tests.realtime.conftest import LONG

SECRET = "s3cr3t-canary"  # noqa: S105 -- a canary, no secret


@pytest.fixture
def listener(engine):
    opened = engine.listen()
    yield opened
    opened.close()


def heard(listener, count=1):
    found, until = [], time.monotonic() + LONG
    while len(found) < count:
        assert time.monotonic() < until, "never came"
        found += listener.wait(LONG)
    return found


def test_it_hears_what_is_sent_on_its_channels_only(listener, writer):
    listener.listen("one")
    listener.listen('odd "name"; drop table shots')
    for channel in ("one", "other", 'odd "name"; drop table shots'):
        writer.execute("select pg_notify(%s, 'hello')", [channel])
    assert heard(listener, 2) == [Heard("one", b"hello"), Heard('odd "name"; drop table shots', b"hello")]


def test_what_arrives_while_it_is_busy_is_not_lost(listener, writer):
    listener.listen("one")
    writer.execute("select pg_notify('one', n::text) from generate_series(1, 1000) as n")
    listener.listen("two")
    assert [each.payload for each in heard(listener, 1000)] == [b"%d" % n for n in range(1, 1001)]


def test_a_wait_ends_when_another_thread_says_so_and_so_does_the_next_one_if_none_was_under_way(listener):
    listener.wake()
    assert listener.wait() == []
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(listener.wait)
        listener.wake()
        assert waiting.result(LONG) == []


def test_to_wake_it_never_blocks_and_never_fails(listener):
    for _ in range(100_000):
        listener.wake()
    assert listener.wait() == []
    listener.close()
    listener.wake()


def test_a_wait_ends_with_its_time(listener):
    assert listener.wait(0) == []
    assert listener.wait(0.001) == []


def test_a_terminated_session_is_an_error(listener, writer):
    writer.execute("select pg_terminate_backend(%s, 5000)", [listener._connection.info.backend_pid])
    with pytest.raises(ConnectionLostError):
        heard(listener)


def test_a_server_that_answers_when_asked_is_alive(listener, writer, monkeypatch):
    listener.listen("one")
    monkeypatch.setattr("shotkit.engine.listen.PULSE", 0.0)
    listener._quiet_until = 0.0
    for _ in range(20):
        listener.wait()
    writer.execute("notify one")
    assert Heard("one", b"") in [each for _ in range(20) for each in listener.wait(0.1)]


def test_a_server_whose_answer_comes_in_pieces_is_alive(database, writer, monkeypatch):
    monkeypatch.setattr("shotkit.engine.listen.PULSE", 0.0)
    with proxied(conninfo_to_dict(database)["host"], Halves) as proxy:
        listener = Listener(make_conninfo(database, host=proxy.folder), read_only=False)
        listener.listen("one")
        proxy.held = []
        listener.wait()  # it asks
        listener.wait()  # the first half of the answer
        assert listener.wait(0) == []
        proxy.release()
        writer.execute("notify one")
        assert heard(listener) == [Heard("one", b"")]
        listener.close()


def test_a_line_that_went_dead_without_a_word_is_noticed(database, monkeypatch):
    with proxied(conninfo_to_dict(database)["host"], Hole) as proxy:
        listener = Listener(make_conninfo(database, host=proxy.folder), read_only=False)
        listener.listen("one")
        proxy.fall_in()
        monkeypatch.setattr("shotkit.engine.listen.PATIENCE", 0.01)
        listener._quiet_until = 0.0
        assert listener.wait() == []
        with pytest.raises(ConnectionLostError, match="did not answer within"):
            listener.wait()
        listener.close()


def test_an_error_never_shows_the_password(server):
    for more in (f"user=nobody password={SECRET}", f"host=/nowhere password={SECRET}"):
        with pytest.raises(ShotkitError) as told:
            Listener(f"{server.conninfo()} {more}", read_only=False)
        assert SECRET not in str(told.value)
