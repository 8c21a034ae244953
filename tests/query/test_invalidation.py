import pytest

KEY = ("rows", "s1")


def test_what_begins_with_the_prefix_is_stale_and_nothing_else(client, table):
    for key in (KEY, ("rows", "s2"), ("rowsets", "s1")):
        client.fetch(key, table.read)
    client.invalidate(("rows",), reason="test")
    stale = {key for key in (KEY, ("rows", "s2"), ("rowsets", "s1")) if client.result(key).is_stale}
    assert stale == {KEY, ("rows", "s2")}


@pytest.mark.parametrize("reason", ["", " "])
def test_a_reason_is_required(client, reason):
    with pytest.raises(ValueError, match="needs a reason"):
        client.invalidate(KEY, reason=reason)


def test_what_nobody_watches_is_fetched_when_it_is_wanted_again(client, scheduler, table):
    client.fetch(KEY, table.read)
    client.invalidate(KEY, reason="test")
    assert scheduler.open_jobs() == []
    client.fetch(KEY, table.read)
    assert table.reads == 2


@pytest.mark.parametrize("first_load", [True, False])
def test_an_invalidation_during_a_fetch_is_followed_by_exactly_one_more(client, scheduler, table, first_load):
    if not first_load:
        client.fetch(KEY, table.read)
        client.invalidate(KEY, reason="earlier")
        table.reads = 0
    observer = client.observe(KEY, print, function=table.read)
    (job,) = scheduler.open_jobs()
    job.read()
    table.rows = {"a": 1}
    client.invalidate(KEY, reason="one")
    client.invalidate(KEY, reason="two")
    job.land()
    assert observer.result.data == {"a": 0}
    assert observer.result.is_stale
    scheduler.work()
    assert observer.result.data == {"a": 1}
    assert not observer.result.is_stale
    assert table.reads == 2


def test_an_invalidation_before_a_queued_fetch_reads_needs_no_second_one(client, scheduler, table):
    observer = client.observe(KEY, print, function=table.read)
    client.invalidate(KEY, reason="test")
    scheduler.work()
    assert table.reads == 1
    assert not observer.result.is_stale


def test_one_who_asks_after_an_invalidation_never_gets_rows_from_before(client, scheduler, table):
    early = client.prefetch(KEY, table.read)
    (job,) = scheduler.open_jobs()
    job.read()
    table.rows = {"a": 1}
    client.invalidate(KEY, reason="written")
    late = client.prefetch(KEY, table.read)
    job.land()
    assert early.result(0) == {"a": 0}
    assert not late.done()
    scheduler.work()
    assert late.result(0) == {"a": 1}
    assert table.reads == 2


def test_a_fetch_that_fails_after_an_invalidation_is_followed_by_one_more_too(client, scheduler, table):
    observer = client.observe(KEY, print, function=table.read)
    table.error = ValueError("no")
    (job,) = scheduler.open_jobs()
    job.read()
    table.error = None
    client.invalidate(KEY, reason="mended")
    late = client.prefetch(KEY, table.read)
    job.land()
    scheduler.work()
    assert late.result(0) == {"a": 0}
    assert observer.result.error is None


def test_delayed_ones_of_a_subject_are_joined_at_the_earliest_time(client, scheduler, table):
    observers = [client.observe(("rows", name), print, function=table.read) for name in ("s1", "s2")]
    scheduler.work()
    table.reads = 0
    client.invalidate(("rows", "s1"), reason="one", delay=5, subject="both")
    client.invalidate(("rows", "s2"), reason="two", delay=1, subject="both")
    client.invalidate(("rows", "s1"), reason="one", delay=9, subject="both")
    scheduler.advance(0.9)
    scheduler.work()
    assert table.reads == 0
    scheduler.advance(0.1)
    scheduler.work()
    assert table.reads == 2
    assert not any(observer.result.is_stale for observer in observers)
    scheduler.advance(20)
    scheduler.work()
    assert table.reads == 2
    told = [(event.key[1], event.reason) for event in client.events if event.what == "invalidate"]
    assert told == [("s1", "one; two"), ("s2", "one; two")]


def test_delayed_ones_of_two_subjects_are_apart(client, scheduler, table):
    client.fetch(("rows", "s1"), table.read)
    client.fetch(("rows", "s2"), table.read)
    client.invalidate(("rows", "s1"), reason="one", delay=1)
    client.invalidate(("rows", "s2"), reason="two", delay=2)
    scheduler.advance(1)
    scheduler.work()
    assert client.result(("rows", "s1")).is_stale
    assert not client.result(("rows", "s2")).is_stale


def test_a_second_delay_begins_after_the_first_is_done(client, scheduler, table):
    client.fetch(KEY, table.read)
    for _ in range(2):
        client.invalidate(KEY, reason="test", delay=1)
        scheduler.advance(1)
        scheduler.work()
    assert [event.what for event in client.events].count("invalidate") == 2


def test_a_delayed_one_ends_with_the_client(client, scheduler, table):
    client.fetch(KEY, table.read)
    client.invalidate(KEY, reason="test", delay=1)
    scheduler.advance(0.5)
    client.close()
    scheduler.advance(1)
    scheduler.work()
    assert [event.what for event in client.events] == ["fetch", "land"]
