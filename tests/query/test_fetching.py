import pytest

from shotkit.query import (
    FREQUENTLY_CHANGING,
    STATIC_REFERENCE,
    ClientClosedError,
    FetchCancelledError,
    SelfWaitError,
    raise_if_cancelled,
)

KEY = ("rows", "s1")


def test_rows_are_fetched_once_while_they_are_fresh(client, scheduler, table):
    assert client.fetch(KEY, table.read) == {"a": 0}
    scheduler.advance(29.9)
    assert client.fetch(KEY, table.read) == {"a": 0}
    assert table.reads == 1
    scheduler.advance(0.1)
    client.fetch(KEY, table.read)
    assert table.reads == 2


def test_fresh_is_a_matter_of_who_asks(client, scheduler, table):
    client.fetch(KEY, table.read, preset=STATIC_REFERENCE)
    scheduler.advance(10)
    client.fetch(KEY, table.read, preset=STATIC_REFERENCE)
    assert table.reads == 1
    client.fetch(KEY, table.read, preset=FREQUENTLY_CHANGING)
    assert table.reads == 2


def test_rows_are_as_old_as_the_beginning_of_their_fetch(client, scheduler, table):
    client.prefetch(KEY, table.read, preset=FREQUENTLY_CHANGING)
    (job,) = scheduler.open_jobs()
    job.read()
    scheduler.advance(6)
    job.land()
    assert client.result(KEY).as_of == 1000.0
    assert client.result(KEY).is_stale


def test_all_who_ask_meanwhile_share_one_fetch(client, scheduler, table):
    asked = [client.prefetch(KEY, table.read) for _ in range(3)]
    scheduler.work()
    assert [each.result(0) for each in asked] == [{"a": 0}] * 3
    assert table.reads == 1


def test_an_error_is_shared_too_and_the_next_who_asks_tries_again(client, scheduler, table):
    table.error = ValueError("no such column")
    asked = [client.prefetch(KEY, table.read) for _ in range(2)]
    scheduler.work()
    assert asked[0].exception(0) is asked[1].exception(0) is table.error
    assert client.result(KEY).status == "error"
    table.error = None
    assert client.fetch(KEY, table.read) == {"a": 0}
    assert client.result(KEY).error is None


def test_rows_stay_after_a_failed_fetch_and_are_stale(client, table):
    client.fetch(KEY, table.read)
    client.invalidate(KEY, reason="test")
    table.error = ValueError("no")
    with pytest.raises(ValueError, match="no"):
        client.fetch(KEY, table.read)
    assert client.get(KEY) == {"a": 0}
    assert client.result(KEY).is_stale


def test_a_thread_that_asks_takes_a_queued_fetch_over(client, scheduler, table):
    asked = client.prefetch(KEY, table.read)
    assert client.fetch(KEY, table.read) == asked.result(0) == {"a": 0}
    scheduler.work()
    assert table.reads == 1


def test_nothing_is_fetched_by_looking(client, table):
    assert client.get(KEY) is None
    assert client.get(KEY, "nothing") == "nothing"
    assert client.result(KEY).status == "pending"
    assert KEY not in client
    assert len(client) == 0


def test_none_is_an_answer_too(client):
    calls = []
    client.fetch(KEY, lambda: calls.append(1))
    assert client.fetch(KEY, lambda: calls.append(1)) is None
    assert client.get(KEY, "nothing") is None
    assert len(calls) == 1


def test_a_fetch_that_asks_for_itself_is_told(client):
    with pytest.raises(SelfWaitError, match="asks for its own key"):
        client.fetch(KEY, lambda: client.fetch(KEY, dict))


def test_a_fetch_may_ask_for_other_keys(client, table):
    assert client.fetch(KEY, lambda: client.fetch(("links",), table.read)) == {"a": 0}


def test_a_coroutine_function_is_refused_with_the_way_out(client):
    async def read():
        """Never started."""

    with pytest.raises(TypeError, match="plain function"):
        client.fetch(KEY, read)


def test_initial_data_are_stored_and_count_as_fetched(client, scheduler, table):
    assert client.fetch(KEY, table.read, initial={"a": 9}) == {"a": 9}
    assert client.fetch(KEY, table.read, initial={"a": 7}) == {"a": 9}
    assert table.reads == 0
    scheduler.advance(30)
    assert client.fetch(KEY, table.read, initial={"a": 7}) == {"a": 0}


def test_initial_data_do_not_undo_an_invalidation(client, scheduler, table):
    asked = client.prefetch(KEY, table.read)
    client.invalidate(KEY, reason="first load overtaken")
    client.observe(KEY, print, initial={"a": 9})
    assert client.result(KEY).data == {"a": 9}
    assert client.result(KEY).is_stale
    scheduler.work()
    assert asked.result(0) == {"a": 0}


def test_cached_rows_come_as_they_are_when_refetching_is_disabled(client, scheduler, table):
    client.fetch(KEY, table.read)
    client.invalidate(KEY, reason="test")
    table.rows = {"a": 1}
    assert client.fetch(KEY, table.read, disable_refetch=True) == {"a": 0}
    assert client.fetch(KEY, table.read) == {"a": 1}


def test_rows_are_held_still_and_fetched_once_when_let_go(client, scheduler, table, seen):
    observer = client.observe(KEY, seen.append, function=table.read)
    scheduler.work()
    with client.disable_refetch(("rows",)):
        table.rows = {"a": 1}
        client.invalidate(KEY, reason="one")
        client.invalidate(KEY, reason="two")
        assert client.fetch(KEY, table.read) == {"a": 0}
        assert scheduler.open_jobs() == []
        edit = client.edit({KEY: lambda rows: {**rows, "b": 2}})
        assert observer.result.data == {"a": 0, "b": 2}
        edit.acknowledge({KEY: lambda rows: {**rows, "b": 2}})
    scheduler.work()
    assert table.reads == 2
    assert observer.result.data == {"a": 1}


@pytest.mark.parametrize("read_before", [False, True])
def test_a_fetch_under_way_does_not_move_rows_that_are_held_still(client, scheduler, table, read_before):
    observer = client.observe(KEY, print, function=table.read)
    scheduler.work()
    table.rows = {"a": 1}
    client.invalidate(KEY, reason="test")
    asked = client.prefetch(KEY, table.read)
    (job,) = scheduler.open_jobs()
    if read_before:
        job.read()
    with client.disable_refetch(KEY):
        scheduler.work()
        assert asked.result(0) == observer.result.data == {"a": 0}
        assert observer.result.is_stale
        assert table.reads == 1 + read_before
    scheduler.work()
    assert observer.result.data == {"a": 1}
    assert not observer.result.is_stale


def test_the_first_rows_may_come_while_refetching_is_disabled(client, table):
    with client.disable_refetch(KEY):
        assert client.fetch(KEY, table.read) == {"a": 0}


def test_a_cancelled_fetch_never_lands_and_those_who_wait_are_told(client, scheduler, table):
    asked = client.prefetch(KEY, table.read)
    (job,) = scheduler.open_jobs()
    job.read()
    client.cancel(("rows",), reason="before an edit")
    with pytest.raises(FetchCancelledError, match=r"\('rows', 's1'\).*before an edit"):
        asked.result(0)
    job.land()
    assert not client.result(KEY).has_data
    assert client.fetch(KEY, table.read) == {"a": 0}


def test_a_fetch_function_can_ask_whether_it_is_still_wanted(client):
    def read():
        raise_if_cancelled()
        client.cancel(KEY, reason="enough")
        raise_if_cancelled()

    with pytest.raises(FetchCancelledError, match="enough"):
        client.fetch(KEY, read)
    raise_if_cancelled()


def test_cancelling_a_fetch_does_not_lose_the_invalidation_it_has_met(client, scheduler, table):
    observer = client.observe(KEY, print, function=table.read)
    (job,) = scheduler.open_jobs()
    job.read()
    client.invalidate(KEY, reason="change")
    client.cancel(KEY, reason="edit")
    scheduler.work()
    assert table.reads == 2
    assert not observer.result.is_stale


def test_an_interrupted_fetch_is_raised_where_it_ran_and_told_to_the_others(client, scheduler, table):
    def interrupted():
        joined.append(client.prefetch(KEY, table.read))
        raise KeyboardInterrupt

    joined = []
    with pytest.raises(KeyboardInterrupt):
        client.fetch(KEY, interrupted)
    assert isinstance(joined[0].exception(0), FetchCancelledError)
    assert client.fetch(KEY, table.read) == {"a": 0}


def test_closing_tells_those_who_wait_and_refuses_what_comes(client, scheduler, table):
    asked = client.prefetch(KEY, table.read)
    client.close()
    assert isinstance(asked.exception(0), ClientClosedError)
    refused = [
        lambda: client.fetch(KEY, table.read),
        lambda: client.invalidate(KEY, reason="test"),
        lambda: client.invalidate(KEY, reason="test", delay=1),
        lambda: client.observe(KEY, print),
        lambda: client.edit({KEY: dict}),
        lambda: client.write("s1", table.read),
    ]
    for call in refused:
        with pytest.raises(ClientClosedError):
            call()
    client.close()
