import gc
import weakref

import pytest

KEY = ("rows", "s1")


class Widget:
    def __init__(self, client, table):
        self.shown = []
        self.observer = client.observe(KEY, self.update, function=table.read)

    def update(self, result):
        self.shown.append(result.data)


def test_an_observer_fetches_what_is_not_fresh_and_is_told(client, scheduler, table, seen):
    observer = client.observe(KEY, seen.append, function=table.read)
    assert observer.result.status == "pending"
    assert observer.result.is_fetching
    scheduler.work()
    assert seen[-1].data == observer.result.data == {"a": 0}
    assert not seen[-1].is_stale


def test_an_observer_of_fresh_rows_fetches_nothing(client, scheduler, table, seen):
    client.fetch(KEY, table.read)
    observer = client.observe(KEY, seen.append, function=table.read)
    assert scheduler.open_jobs() == []
    assert observer.result.data == {"a": 0}


def test_an_observer_without_a_function_waits_for_somebody_who_has_one(client, scheduler, table, seen):
    observer = client.observe(KEY, seen.append)
    assert scheduler.open_jobs() == []
    client.fetch(KEY, table.read)
    assert seen[-1].data == observer.result.data == {"a": 0}


def test_a_placeholder_is_shown_and_never_stored(client, scheduler, table, seen):
    phase_one = {"a": None}
    observer = client.observe(KEY, seen.append, function=table.read, placeholder=lambda: phase_one)
    assert observer.result.data is phase_one
    assert observer.result.is_placeholder
    assert observer.result.status == "pending"
    assert client.get(KEY) is None
    assert repr(observer.result) == "<QueryResult pending stale fetching placeholder=dict>"
    scheduler.work()
    assert seen[-1].data == {"a": 0}
    assert not seen[-1].is_placeholder


def test_a_placeholder_may_come_later(client, scheduler, table):
    observer = client.observe(KEY, print, placeholder=lambda: client.get(("phase one",)))
    assert not observer.result.is_placeholder
    client.fetch(("phase one",), table.read)
    assert observer.result.data == {"a": 0}
    assert observer.result.is_placeholder


def test_an_unsubscribed_observer_is_told_nothing_and_its_entry_is_not_fetched(
    client, scheduler, table, seen
):
    observer = client.observe(KEY, seen.append, function=table.read)
    scheduler.work()
    told = len(seen)
    observer.unsubscribe()
    client.invalidate(KEY, reason="test")
    assert scheduler.open_jobs() == []
    assert len(seen) == told
    assert not observer.active


def test_a_widget_that_is_made_again_leaves_nothing_behind(client, scheduler, table):
    widget = Widget(client, table)
    scheduler.work()
    gone = weakref.ref(widget)
    gc.disable()
    try:
        widget = Widget(client, table)
        assert gone() is None, "freed at once, not by the collector"
    finally:
        gc.enable()
    client.invalidate(KEY, reason="test")
    scheduler.work()
    assert widget.shown[-1] == {"a": 0}
    del widget
    client.invalidate(KEY, reason="test")
    assert scheduler.open_jobs() == []


def test_a_widget_that_unsubscribes_when_it_is_freed_does_not_block_the_client(client, scheduler, table):
    class Leaving(Widget):
        def __del__(self):
            self.observer.unsubscribe()

    widget = Leaving(client, table)
    del widget
    scheduler.work()
    assert client.get(KEY) == {"a": 0}


def test_an_observer_that_nobody_keeps_is_gone(client, scheduler, table, seen):
    client.observe(KEY, seen.append, function=table.read)
    seen.clear()
    scheduler.work()
    assert seen == []


def test_a_callback_works_on_todays_data_without_being_made_anew(client, scheduler, table):
    observer = client.observe(KEY, print, function=table.read)

    def callback():
        return observer.result.data

    scheduler.work()
    assert callback() == {"a": 0}
    table.rows = {"a": 1}
    client.invalidate(KEY, reason="test")
    scheduler.work()
    assert callback() == {"a": 1}


def test_a_callback_may_use_the_client_and_gets_the_newest_last(client, scheduler, table):
    told = []

    def callback(result):
        if result.data == {"a": 0}:
            client.edit({KEY: lambda rows: {**rows, "a": 1}})
        told.append(result.data)

    observer = client.observe(KEY, callback, function=table.read)
    scheduler.work()
    assert told[-2:] == [{"a": 0}, {"a": 1}]
    assert observer.result.data == {"a": 1}


def test_an_observer_that_fails_is_reported_and_keeps_nothing_from_the_others(
    client, scheduler, table, seen, caplog
):
    def broken(_):
        raise RuntimeError("no page")

    observers = [client.observe(KEY, broken, function=table.read), client.observe(KEY, seen.append)]
    scheduler.work()
    assert seen[-1].data == {"a": 0}
    assert "An observer of ('rows', 's1') failed." in caplog.text
    assert "no page" in caplog.text
    assert all(observer.active for observer in observers)


def test_an_interrupted_callback_does_not_silence_its_observer(client, scheduler, table, seen):
    def interrupted(result):
        seen.append(result)
        if len(seen) == 1:
            raise KeyboardInterrupt

    observer = client.observe(KEY, interrupted)
    with pytest.raises(KeyboardInterrupt):
        client.invalidate(KEY, reason="test")
    client.fetch(KEY, table.read)
    assert seen[-1].data == observer.result.data == {"a": 0}


def interrupting_once():
    """A callback that is interrupted the first time that it is called."""
    calls = []

    def callback(_):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt

    return callback


def test_an_interrupted_callback_keeps_nothing_from_the_other_observers(client, seen):
    observers = [client.observe(KEY, interrupting_once()), client.observe(KEY, seen.append)]
    with pytest.raises(KeyboardInterrupt):
        client.invalidate(KEY, reason="test")
    assert len(seen) == 1
    assert all(observer.active for observer in observers)


def test_an_interrupted_callback_does_not_leave_a_fetch_that_nobody_runs(client, table):
    observer = client.observe(KEY, interrupting_once())
    with pytest.raises(KeyboardInterrupt):
        client.fetch(KEY, table.read)
    assert not observer.result.is_fetching
    assert client.fetch(KEY, table.read) == {"a": 0}


def test_an_interrupted_patch_does_not_leave_a_fetch_that_nobody_ends(client, table):
    def interrupted(_):
        raise KeyboardInterrupt

    edit = client.edit({KEY: interrupted})
    with pytest.raises(KeyboardInterrupt):
        client.fetch(KEY, table.read)
    edit.refuse("test")
    assert client.fetch(KEY, table.read) == {"a": 0}


def test_an_interrupted_callback_takes_the_edit_back_that_it_was_told_of(client, table):
    client.fetch(KEY, table.read)
    observer = client.observe(KEY, interrupting_once())
    with pytest.raises(KeyboardInterrupt):
        client.write("s1", dict, patches={KEY: lambda _: {"a": 1}})
    assert observer.result.data == {"a": 0}
    assert observer.result.pending == ()
    assert client.write("s1", lambda: "next") == "next"


def test_observers_see_the_last_rows_of_a_closed_client(client, scheduler, table, seen, caplog):
    observer = client.observe(KEY, seen.append, function=table.read)
    scheduler.work()
    client.invalidate(KEY, reason="test")
    client.close()
    assert observer.result.data == {"a": 0}
    assert caplog.text == ""
