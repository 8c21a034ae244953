import pytest

from shotkit.query import QueryClient, Retry, is_transient

KEY = ("rows",)


class DatabaseError(Exception):
    def __init__(self, sqlstate):
        super().__init__("the server said no")
        self.sqlstate = sqlstate


def caused_by(error):
    outer = RuntimeError("could not be completed")
    outer.__cause__ = error
    return outer


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        *map(DatabaseError, ["08006", "08001", "40001", "40P01", "55P03", "57P01", "57P03"]),
        caused_by(DatabaseError("40001")),
    ],
    ids=repr,
)
def test_what_may_pass_is_tried_again(error):
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        PermissionError(),
        DatabaseError(None),
        *map(DatabaseError, ["42501", "42703", "23505", "57014", "25006"]),
        caused_by(DatabaseError("42501")),
    ],
    ids=repr,
)
def test_a_wrong_request_and_a_missing_right_never_are(error):
    assert not is_transient(error)


def test_causes_in_a_circle_end():
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert not is_transient(first)


def test_waits_double_up_to_the_longest_within_their_jitter_and_the_deadline():
    full, half = Retry(jitter=lambda: 1.0), Retry(jitter=lambda: 0.0)
    error = ConnectionError()
    assert [full.wait(error, attempts, 0) for attempts in (1, 2, 3, 7, 1000)] == [0.1, 0.2, 0.4, 5, 5]
    assert half.wait(error, 3, 0) == 0.2
    assert full.wait(error, 7, 25) == 5
    assert full.wait(error, 7, 25.1) is None
    assert full.wait(ValueError(), 1, 0) is None


def test_a_fetch_is_tried_until_it_succeeds(client, scheduler, table, seen):
    table.error = ConnectionError("gone")
    asked = client.prefetch(KEY, table.read)
    observer = client.observe(KEY, seen.append)
    scheduler.work()
    assert not asked.done()
    assert observer.result.is_fetching
    scheduler.advance(0.1)
    scheduler.work()
    table.error = None
    scheduler.advance(0.2)
    scheduler.work()
    assert asked.result(0) == {"a": 0}
    assert table.reads == 3
    told = [event.reason for event in client.events if event.what == "retry"]
    assert told == ["in 0.100 s: ConnectionError: gone", "in 0.200 s: ConnectionError: gone"]


def test_the_deadline_ends_it_with_the_last_error(client, scheduler, table):
    table.error = ConnectionError("gone")
    asked = client.prefetch(KEY, table.read)
    for _ in range(200):
        scheduler.work()
        scheduler.advance(1)
    assert asked.exception(0) is table.error
    assert table.reads == 11


def test_a_wrong_request_is_not_repeated(client, scheduler, table):
    table.error = DatabaseError("42703")
    asked = client.prefetch(KEY, table.read)
    scheduler.work()
    assert asked.exception(0) is table.error
    assert scheduler.timers == []


def test_the_classifier_is_the_callers(scheduler, table):
    table.error = DatabaseError("42703")
    retry = Retry(retryable=lambda error: error.sqlstate == "42703", jitter=lambda: 1.0)
    with QueryClient(scheduler=scheduler, retry=retry) as client:
        client.prefetch(KEY, table.read)
        scheduler.work()
        assert len(scheduler.timers) == 1


def test_a_classifier_that_fails_leaves_nobody_waiting(scheduler, table):
    table.error = ValueError()
    retry = Retry(retryable=lambda error: error.nowhere)
    with QueryClient(scheduler=scheduler, retry=retry) as client:
        asked = client.prefetch(KEY, table.read)
        scheduler.work()
        assert isinstance(asked.exception(0), AttributeError)


def test_a_cancelled_fetch_is_not_tried_again(client, scheduler, table):
    table.error = ConnectionError("gone")
    client.prefetch(KEY, table.read)
    scheduler.work()
    client.cancel(KEY, reason="enough")
    scheduler.advance(1)
    assert scheduler.open_jobs() == []


def test_an_attempt_after_an_invalidation_needs_no_further_fetch(client, scheduler, table):
    observer = client.observe(KEY, print, function=table.read)
    table.error = ConnectionError("gone")
    scheduler.work()
    table.error = None
    client.invalidate(KEY, reason="meanwhile")
    scheduler.advance(0.1)
    scheduler.work()
    assert table.reads == 2
    assert not observer.result.is_stale
