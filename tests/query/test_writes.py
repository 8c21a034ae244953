import asyncio
import threading
from types import SimpleNamespace

import pytest

from shotkit.query import ClientClosedError, SelfWaitError, writes
from shotkit.query.writes import Write

KEY = ("rows", "s1")


def setting(name, value):
    return lambda rows: {**rows, name: value}


@pytest.fixture
def loaded(client, table):
    client.fetch(KEY, table.read)
    return client


def submitted(client, send, name, value, *, stored=True, scope="s1"):
    """Queue a write as write_async does, without an event loop: the future of its answer."""
    patch = {KEY: setting(name, value)}
    told = (lambda _: patch) if stored else None
    return client._writes.submit(Write(scope, send, patch, told, f"set {name}"))


def test_a_write_shows_its_edit_sends_and_puts_what_was_stored_in_its_place(loaded, table, seen):
    observer = loaded.observe(KEY, lambda result: seen.append((result.data, result.pending)))
    answer = loaded.write(
        "s1",
        lambda: {"id": "b", "value": 2},
        patches={KEY: setting("b", 1)},
        stored=lambda row: {KEY: setting(row["id"], row["value"])},
        label="add b",
    )
    assert answer == {"id": "b", "value": 2}
    assert seen == [({"a": 0, "b": 1}, ("add b",)), ({"a": 0, "b": 2}, ())]
    assert not observer.result.is_stale
    assert table.reads == 1


def test_what_send_raises_takes_the_edit_back_and_is_raised(loaded):
    def refused():
        raise PermissionError("not yours")

    with pytest.raises(PermissionError, match="not yours"):
        loaded.write("s1", refused, patches={KEY: setting("b", 1)}, label="add b")
    assert loaded.get(KEY) == {"a": 0}
    assert loaded.result(KEY).is_stale
    refusals = [event.reason for event in loaded.events if event.what == "refuse"]
    assert refusals == ["add b: PermissionError: not yours"]
    assert loaded.write("s1", lambda: "next") == "next"


def test_an_interrupted_write_is_taken_back_and_does_not_stop_the_next(loaded):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded.write("s1", interrupted, patches={KEY: setting("b", 1)})
    assert loaded.get(KEY) == {"a": 0}
    assert loaded.write("s1", lambda: "next") == "next"


def test_an_edit_that_does_not_fit_is_not_sent(loaded):
    sent = []
    with pytest.raises(KeyError):
        loaded.write("s1", lambda: sent.append(1), patches={KEY: lambda rows: rows["nowhere"]})
    assert sent == []
    assert loaded.write("s1", lambda: "next") == "next"


def test_writes_of_one_scope_are_sent_one_at_a_time_in_order(loaded, scheduler):
    sent = []
    futures = [submitted(loaded, lambda n=n: sent.append(n), str(n), n) for n in range(3)]
    assert loaded.get(KEY) == {"a": 0, "0": 0, "1": 1, "2": 2}
    assert len(scheduler.open_jobs()) == 1
    scheduler.jobs[0].read()
    assert sent == [0]
    assert len(scheduler.open_jobs()) == 1
    scheduler.jobs[0].land()
    scheduler.work()
    assert sent == [0, 1, 2]
    assert all(future.done() for future in futures)
    assert loaded.get(KEY) == {"a": 0, "0": 0, "1": 1, "2": 2}


def test_the_next_is_not_sent_before_the_rows_of_the_one_before_are_in_place(loaded, scheduler, caplog):
    def stored(_):
        assert scheduler.open_jobs() == []
        return {KEY: setting("b", 1)}

    loaded._writes.submit(Write("s1", dict, {}, stored, "first"))
    submitted(loaded, dict, "b", 2)
    scheduler.work()
    assert loaded.get(KEY) == {"a": 0, "b": 2}
    assert "could not be told" not in caplog.text


def test_writes_of_two_scopes_do_not_wait_for_each_other(loaded, scheduler):
    for scope in ("s1", "s2"):
        submitted(loaded, dict, "b", 1, scope=scope)
    assert len(scheduler.open_jobs()) == 2


def test_a_failed_write_does_not_stop_the_next_nor_erase_its_edit(loaded, scheduler):
    def refused():
        raise ValueError("no")

    first, second = submitted(loaded, refused, "b", 1), submitted(loaded, lambda: "ok", "c", 2)
    scheduler.jobs[0].read()
    scheduler.jobs[0].land()
    assert isinstance(first.exception(0), ValueError)
    assert loaded.get(KEY) == {"a": 0, "c": 2}
    scheduler.work()
    assert second.result(0) == "ok"
    assert loaded.get(KEY) == {"a": 0, "c": 2}


def test_stored_rows_that_cannot_be_told_are_reported_and_fetched_while_the_write_stands(loaded, caplog):
    answer = loaded.write(
        "s1", lambda: 1, patches={KEY: setting("b", 1)}, stored=lambda answer: answer["rows"], label="add b"
    )
    assert answer == 1
    assert "The rows stored by 'add b' could not be told" in caplog.text
    assert loaded.get(KEY) == {"a": 0, "b": 1}
    assert loaded.result(KEY).is_stale


def test_a_write_inside_a_write_of_its_scope_is_told(loaded):
    with pytest.raises(SelfWaitError, match="use write_async"):
        loaded.write("s1", lambda: loaded.write("s1", dict))
    assert loaded.write("s1", lambda: loaded.write("s2", lambda: "other scope")) == "other scope"


def test_a_write_without_an_edit_keeps_its_place_too(loaded, scheduler):
    sent = []
    loaded._writes.submit(Write("s1", lambda: sent.append(1), {}, None, "first"))
    loaded._writes.submit(Write("s1", lambda: sent.append(2), {}, None, "second"))
    scheduler.work()
    assert sent == [1, 2]


@pytest.mark.parametrize("begun", [False, True])
def test_closing_refuses_the_writes_that_were_not_sent(loaded, scheduler, begun):
    sent = []
    first = submitted(loaded, lambda: sent.append(0), "b", 1)
    others = [submitted(loaded, lambda n=n: sent.append(n), str(n), n) for n in range(1, 500)]
    if begun:
        scheduler.jobs[0].read()
    loaded.close()
    scheduler.work()
    assert first.exception(0) is None if begun else isinstance(first.exception(0), ClientClosedError)
    assert all(isinstance(other.exception(0), ClientClosedError) for other in others)
    assert sent == ([0] if begun else [])
    assert loaded.get(KEY) == ({"a": 0, "b": 1} if begun else {"a": 0})


def test_threads_take_turns_in_the_order_in_which_their_edits_are_shown(loaded):
    sent, sending, go = [], threading.Event(), threading.Event()

    def hold_the_turn():
        sending.set()
        assert go.wait(20)
        sent.append("first")

    first = threading.Thread(target=loaded.write, args=("s1", hold_the_turn))
    first.start()
    assert sending.wait(20)
    others = []
    for name in "bcd":
        shown = threading.Event()
        observer = loaded.observe(KEY, lambda result, n=name, e=shown: n in result.data and e.set())
        patches = {KEY: setting(name, 1)}
        write = threading.Thread(
            target=loaded.write, args=("s1", lambda n=name: sent.append(n)), kwargs={"patches": patches}
        )
        write.start()
        assert shown.wait(20)
        observer.unsubscribe()
        others.append(write)
    assert sent == []
    go.set()
    for thread in (first, *others):
        thread.join(20)
    assert sent == ["first", "b", "c", "d"]


def test_an_interrupted_wait_for_the_turn_takes_the_edit_back_and_the_queue_goes_on(
    loaded, scheduler, monkeypatch
):
    class Interrupted(threading.Event):
        def wait(self):
            assert loaded.get(KEY) == {"a": 0, "b": 1, "c": 2}
            raise KeyboardInterrupt

    first = submitted(loaded, lambda: "first", "b", 1)
    monkeypatch.setattr(
        writes, "threading", SimpleNamespace(Event=Interrupted, get_ident=threading.get_ident)
    )
    sent = []
    with pytest.raises(KeyboardInterrupt):
        loaded.write("s1", lambda: sent.append("mine"), patches={KEY: setting("c", 2)})
    third = submitted(loaded, lambda: "third", "d", 3)
    assert loaded.get(KEY) == {"a": 0, "b": 1, "d": 3}
    scheduler.work()
    assert [first.result(0), third.result(0), sent] == ["first", "third", []]


def test_a_loop_awaits_a_write_whose_edit_is_shown_at_once(loaded, scheduler):
    async def story():
        writing = loaded.write_async("s1", lambda: "ok", patches={KEY: setting("b", 1)})
        assert loaded.get(KEY) == {"a": 0, "b": 1}
        scheduler.work()
        return await writing

    assert asyncio.run(story()) == "ok"


def test_who_stops_waiting_does_not_take_the_write_back(loaded, scheduler):
    sent = []

    async def story():
        writing = loaded.write_async(
            "s1",
            lambda: sent.append(1),
            patches={KEY: setting("b", 1)},
            stored=lambda _: {KEY: setting("b", 1)},
        )
        writing.cancel()
        await asyncio.sleep(0)  # now the news of it have reached the client's own future
        scheduler.work()
        with pytest.raises(asyncio.CancelledError):
            await writing

    asyncio.run(story())
    assert sent == [1]
    assert loaded.get(KEY) == {"a": 0, "b": 1}
    assert not loaded.result(KEY).is_stale
