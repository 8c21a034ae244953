import pytest

from shotkit.query import EditSettledError

KEY = ("rows", "s1")
COUNT = ("count", "s1")


def setting(name, value):
    """A patch, and what was stored alike: the row `name` is `value`."""
    return lambda rows: {**rows, name: value}


def dropping(name):
    """A patch that needs its row to be there."""
    return lambda rows: {key: value for key, value in rows.items() if rows[name] is not None and key != name}


@pytest.fixture
def loaded(client, table):
    client.fetch(KEY, table.read)
    return client


def test_an_edit_is_shown_at_once_in_all_its_entries(loaded, seen):
    loaded.fetch(COUNT, lambda: 1)
    observer = loaded.observe(COUNT, seen.append)
    loaded.edit({KEY: setting("b", 1), COUNT: lambda _: 2}, label="add b")
    assert loaded.get(KEY) == {"a": 0, "b": 1}
    assert seen[-1].data == observer.result.data == 2
    assert observer.result.pending == ("add b",)


def test_an_answer_replaces_the_edit_by_the_stored_rows_without_a_fetch(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    edit = loaded.edit({KEY: setting("b", 1)})
    edit.acknowledge({KEY: setting("b", 1.5)})
    assert observer.result.data == {"a": 0, "b": 1.5}
    assert observer.result.pending == ()
    assert not observer.result.is_stale
    assert scheduler.open_jobs() == []
    assert edit.state == "acknowledged"


def test_a_refusal_takes_its_own_edit_back_and_no_other(loaded, scheduler, table):
    first = loaded.edit({KEY: setting("a", 1)})
    second = loaded.edit({KEY: setting("b", 2)})
    first.refuse("not yours")
    assert loaded.get(KEY) == {"a": 0, "b": 2}
    assert loaded.result(KEY).is_stale
    second.acknowledge({KEY: setting("b", 2)})
    assert loaded.get(KEY) == {"a": 0, "b": 2}


def test_later_edits_are_replayed_on_what_an_answer_says(loaded):
    first = loaded.edit({KEY: setting("a", 1)})
    loaded.edit({KEY: lambda rows: {**rows, "b": rows["a"] * 10}})
    first.acknowledge({KEY: setting("a", 3)})
    assert loaded.get(KEY) == {"a": 3, "b": 30}


def test_answers_may_come_in_any_order(loaded):
    first = loaded.edit({KEY: setting("a", 1)})
    second = loaded.edit({KEY: setting("b", 2)})
    second.acknowledge({KEY: setting("b", 2)})
    assert loaded.get(KEY) == {"a": 1, "b": 2}
    first.refuse("no")
    assert loaded.get(KEY) == {"a": 0, "b": 2}


def test_pending_edits_are_replayed_on_rows_that_land(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    loaded.edit({KEY: setting("b", 1)})
    table.rows = {"a": 5}
    loaded.invalidate(KEY, reason="test")
    scheduler.work()
    assert observer.result.data == {"a": 5, "b": 1}


def test_an_edit_during_the_first_load_is_shown_on_it(client, scheduler, table):
    asked = client.prefetch(KEY, table.read)
    client.edit({KEY: setting("b", 1)})
    assert client.get(KEY) is None
    scheduler.work()
    assert asked.result(0) == {"a": 0, "b": 1}


def test_an_edit_that_cannot_be_replayed_is_marked_and_told_and_not_lost(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    edit = loaded.edit({KEY: dropping("a")}, label="drop a")
    table.rows = {"b": 1}
    loaded.invalidate(KEY, reason="changed elsewhere")
    scheduler.work()
    ((label, error),) = observer.result.failed
    assert (label, type(error)) == ("drop a", KeyError)
    assert edit.failed == {KEY: error}
    assert observer.result.data == {"b": 1}
    assert observer.result.pending == ("drop a",)
    assert [event.reason for event in loaded.events if event.what == "replay failed"] == [
        "drop a: KeyError: 'a'"
    ]
    assert (
        repr(observer.result) == "<QueryResult success fresh pending=['drop a'] failed=['drop a'] data=dict>"
    )
    table.rows = {"a": 0, "b": 1}
    loaded.invalidate(KEY, reason="changed back")
    scheduler.work()
    assert edit.failed == {}
    assert observer.result.data == {"b": 1}


def test_an_edit_that_does_not_fit_todays_rows_is_refused_everywhere(loaded):
    loaded.fetch(COUNT, lambda: 1)
    with pytest.raises(KeyError):
        loaded.edit({COUNT: lambda _: 0, KEY: dropping("x")})
    assert loaded.get(COUNT) == 1
    assert loaded.result(COUNT).pending == ()


def test_a_fetch_from_before_an_answer_does_not_overwrite_the_stored_rows(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    loaded.invalidate(KEY, reason="test")
    (job,) = scheduler.open_jobs()
    job.read()
    edit = loaded.edit({KEY: setting("b", 1)})
    table.rows["b"] = 1
    edit.acknowledge({KEY: setting("b", 1)})
    job.land()
    assert observer.result.data == {"a": 0, "b": 1}
    assert observer.result.is_stale
    scheduler.work()
    assert table.reads == 3
    assert not observer.result.is_stale


def test_an_answer_during_the_first_load_is_in_the_rows_that_land(client, scheduler, table):
    asked = client.prefetch(KEY, table.read)
    (job,) = scheduler.open_jobs()
    job.read()
    client.edit({KEY: setting("b", 1)}).acknowledge({KEY: setting("b", 1)})
    job.land()
    assert asked.result(0) == {"a": 0, "b": 1}
    assert client.result(KEY).is_stale


def test_a_fetch_from_after_an_answer_is_believed(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    loaded.edit({KEY: setting("b", 1)}).acknowledge({KEY: setting("b", 1)})
    loaded.invalidate(KEY, reason="removed elsewhere")
    scheduler.work()
    assert observer.result.data == {"a": 0}


def test_a_cancelled_fetch_leaves_nothing_that_overrules_the_next(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    loaded.invalidate(KEY, reason="test")
    scheduler.open_jobs()[0].read()
    loaded.edit({KEY: setting("a", 1)}).acknowledge({KEY: setting("a", 1)})
    loaded.cancel(KEY, reason="test")
    table.rows = {"a": 2}
    scheduler.work()
    assert observer.result.data == {"a": 2}


def test_answers_are_not_kept_while_no_fetch_could_overwrite_them(loaded):
    for value in range(5):
        loaded.edit({KEY: setting("a", value)}).acknowledge({KEY: setting("a", value)})
    assert loaded._store.find(KEY).log.settled == ()


def test_an_answer_without_rows_keeps_the_edit_in_sight_until_it_is_fetched(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    edit = loaded.edit({KEY: setting("b", 1)})
    edit.acknowledge()
    assert observer.result.data == {"a": 0, "b": 1}
    assert observer.result.pending == ()
    assert observer.result.is_stale
    table.rows["b"] = 2
    scheduler.work()
    assert observer.result.data == {"a": 0, "b": 2}


def test_stored_rows_that_do_not_fit_are_told_and_fetched(loaded, scheduler, table):
    observer = loaded.observe(KEY, print, function=table.read)
    edit = loaded.edit({KEY: setting("b", 1)}, label="add b")
    edit.acknowledge({KEY: lambda rows: rows["nowhere"]})
    reasons = [event.reason for event in loaded.events if event.what == "invalidate"]
    assert reasons == ["add b: stored, rows do not fit: KeyError: 'nowhere'"]
    table.rows["b"] = 1
    scheduler.work()
    assert observer.result.data == {"a": 0, "b": 1}


def test_an_answer_may_tell_rows_of_entries_that_the_edit_did_not_show(loaded):
    loaded.fetch(COUNT, lambda: 1)
    edit = loaded.edit({KEY: setting("b", 1)})
    edit.acknowledge({KEY: setting("b", 1), COUNT: lambda _: 2, ("not", "cached"): lambda _: 3})
    assert loaded.get(COUNT) == 2
    assert ("not", "cached") not in loaded


def test_an_edit_is_settled_once(loaded):
    edit = loaded.edit({KEY: setting("a", 1)}, label="move a")
    edit.acknowledge({KEY: setting("a", 1)})
    for settle in (edit.acknowledge, lambda: edit.refuse("no")):
        with pytest.raises(EditSettledError, match="'move a' was acknowledged already"):
            settle()
    assert loaded.get(KEY) == {"a": 1}


def test_a_patch_may_use_the_client(loaded):
    loaded.fetch(COUNT, lambda: 7)
    loaded.edit({KEY: lambda rows: {**rows, "n": loaded.get(COUNT)}})
    assert loaded.get(KEY) == {"a": 0, "n": 7}


def test_a_patch_during_which_the_rows_change_is_applied_to_the_new_ones(loaded):
    calls = []

    def slow(rows):
        calls.append(1)
        if len(calls) == 1:
            loaded.edit({KEY: setting("b", 1)})
        return {**rows, "c": len(rows)}

    loaded.edit({KEY: slow})
    assert loaded.get(KEY) == {"a": 0, "b": 1, "c": 2}
