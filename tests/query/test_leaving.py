import sys
from dataclasses import dataclass

import pytest

from shotkit.query import Preset, QueryClient, estimated_bytes

from .scheduler import FakeScheduler

KEY = ("rows", "s1")


@pytest.fixture
def small(scheduler):
    """Room for 100 bytes; an entry counts as many as its value says."""
    with QueryClient(scheduler=scheduler, byte_budget=100, size=lambda value: value) as client:
        yield client


def test_an_unused_entry_leaves_after_its_time(client, scheduler, table):
    client.fetch(KEY, table.read)
    scheduler.advance(299)
    assert KEY in client
    scheduler.advance(1)
    assert KEY not in client
    assert client.get(KEY) is None
    assert str(client.events[-1]) == "1300.000 leave ('rows', 's1'): unused for 300 s"


def test_each_use_begins_the_time_anew(client, scheduler, table):
    client.fetch(KEY, table.read)
    for _ in range(3):
        scheduler.advance(299)
        assert client.get(KEY) == {"a": 0}


def test_an_entry_stays_for_the_longest_time_that_anybody_asked_for(client, scheduler, table):
    client.fetch(KEY, table.read, preset=Preset("long", 10, unused_for=900))
    client.fetch(KEY, table.read)
    scheduler.advance(899)
    assert KEY in client


def test_no_time_at_all_is_a_time_too(client, scheduler, table):
    at_once = Preset("at once", 10, unused_for=0)
    assert client.fetch(KEY, table.read, preset=at_once) == {"a": 0}
    scheduler.advance(1)
    assert KEY not in client
    assert client.fetch(KEY, table.read, preset=at_once, initial={"a": 9}) == {"a": 9}


def test_what_is_observed_fetched_or_edited_never_leaves(client, scheduler, table):
    observer = client.observe(("observed",), print)
    client.prefetch(("fetching",), table.read)
    edit = client.edit({("edited",): dict})
    scheduler.advance(10_000)
    assert len(client) == 3
    observer.unsubscribe()
    scheduler.work()
    edit.acknowledge({("edited",): dict})
    scheduler.advance(300)
    assert len(client) == 1, "that the observer has gone was noticed only now"
    scheduler.advance(300)
    assert len(client) == 0


def test_the_time_begins_when_a_long_fetch_or_a_long_write_ends(client, scheduler, table):
    client.prefetch(("fetching",), table.read)
    edit = client.edit({("edited",): dict})
    scheduler.advance(400)
    scheduler.work()
    edit.refuse("test")
    assert len(client) == 2
    scheduler.advance(300)
    assert len(client) == 0


def test_the_time_begins_when_the_last_observer_has_gone_even_if_nobody_noticed(client, scheduler, table):
    observer = client.observe(KEY, print, function=table.read)
    scheduler.work()
    scheduler.advance(299)
    del observer
    scheduler.advance(1)
    assert KEY in client
    scheduler.advance(299)
    assert KEY in client
    scheduler.advance(1)
    assert KEY not in client


def test_the_least_recently_used_leave_when_the_bytes_are_spent(small, scheduler):
    for name in ("a", "b", "c"):
        small.fetch((name,), lambda: 30)
    small.get(("a",))
    small.fetch(("d",), lambda: 30)
    assert [("b",) in small, ("a",) in small, ("c",) in small] == [False, True, True]
    assert small.events[-1].reason == "the budget of 100 bytes is spent"


def test_an_observed_entry_never_leaves_for_bytes(small):
    observer = small.observe(("big",), print, initial=99)
    small.fetch(("b",), lambda: 30)
    assert ("big",) in small
    assert ("b",) not in small
    assert observer.active


def test_rows_over_the_whole_budget_are_given_and_not_kept(small):
    assert small.fetch(KEY, lambda: 101) == 101
    assert KEY not in small


def test_an_edited_view_counts_beside_what_is_confirmed(small):
    small.fetch(("other",), lambda: 50)
    small.fetch(KEY, lambda: 40)
    small.edit({KEY: lambda _: 41})
    assert ("other",) not in small


def test_a_size_that_cannot_be_told_is_reported_and_counts_as_nothing(caplog):
    with QueryClient(scheduler=FakeScheduler(), byte_budget=1, size=lambda data: data.nowhere) as client:
        assert client.fetch(KEY, lambda: [1]) == [1]
        assert KEY in client
    assert "size of cached data could not be told" in caplog.text


def test_sizes_are_asked_of_those_who_know_them():
    class Frame:
        nbytes = None

        def memory_usage(self):
            return Usage()

    class Usage:
        def sum(self):
            return 1200

    class Array:
        nbytes = 800

    class Index:
        def memory_usage(self):
            return 16

    assert [estimated_bytes(data) for data in (Frame(), Array(), Index())] == [1200, 800, 16]


def test_a_real_frame_tells_its_size():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": pandas.array(["x" * 100] * 1000, dtype="string[pyarrow]")})
    assert 100_000 < estimated_bytes(frame) < 120_000
    assert estimated_bytes({"rows": frame}) > 100_000


def test_sizes_of_containers_are_added_up_and_circles_end():
    @dataclass
    class Row:
        name: str

    text = "x" * 5000
    circle = [text]
    circle.append(circle)
    for data in ([text], (text,), {text}, {"a": text}, {text: 1}, Row(text), circle):
        assert 5000 < estimated_bytes(data) < 6000
    assert estimated_bytes([text, text]) < 6000
    assert estimated_bytes(Row) == sys.getsizeof(Row)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert estimated_bytes(deep) > 100_000
