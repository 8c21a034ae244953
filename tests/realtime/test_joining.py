"""What comes close together is told once; time is told by the tests."""

import pytest

from shotkit.realtime.changes import Changed, Joined, Own
from shotkit.realtime.messages import Message
from shotkit.realtime.pace import Backoff


def shot(id_, xid):
    return Message("shot_generations", id_, xid)


def test_the_messages_of_a_window_are_one_change_a_table_told_once_at_its_end():
    joined = Joined(0.1, Own())
    assert joined.left(5.0) is None
    joined.add(shot("a", 1), 5.0)
    joined.add(shot("b", 2), 5.03)
    joined.add(shot("a", 3), 5.06)
    joined.add(Message("generation_variants", "g", 3), 5.09)
    assert joined.left(5.06) == pytest.approx(0.04)
    assert list(joined.take(5.09)) == []
    assert list(joined.take(5.1)) == [
        Changed("shot_generations", ("a", "b"), "notified", {"a": frozenset({1, 3}), "b": frozenset({2})}),
        Changed("generation_variants", ("g",), "notified", {"g": frozenset({3})}),
    ]
    assert list(joined.take(6.0)) == []
    assert joined.left(6.0) is None


def test_a_stream_without_end_is_told_at_the_end_of_each_window():
    joined = Joined(4, Own())
    told = []
    for now in range(100):
        joined.add(shot("a", now + 1), now)
        told += joined.take(now)
    assert len(told) == 20
    assert frozenset.union(*(changed.xids["a"] for changed in told)) == frozenset(range(1, 101))


def test_an_own_transaction_is_no_news_also_when_it_is_known_only_after_its_echo():
    own = Own()
    joined = Joined(0.1, own)
    joined.add(shot("a", 7), 0.0)
    joined.add(shot("b", 7), 0.0)
    joined.add(shot("b", 8), 0.0)
    own.add(7)
    assert list(joined.take(1.0)) == [Changed("shot_generations", ("b",), "notified", {"b": frozenset({8})})]
    joined.add(shot("a", 7), 2.0)
    assert list(joined.take(3.0)) == []


def test_so_many_own_transactions_are_remembered_and_no_more():
    own = Own()
    for xid in range(1, 20_001):
        own.add(xid)
    assert own.foreign({1, 10_000, 10_001, 20_000}) == {1, 10_000}


def test_a_change_is_older_for_each_id_only_when_all_its_transactions_are():
    changed = Changed(
        "shot_generations", ("a", "b"), "notified", {"a": frozenset({5, 9}), "b": frozenset({5})}
    )
    assert [changed.is_older(id_, "7:8:") for id_ in "ab"] == [False, True]
    assert [changed.is_older(id_, "9:10:") for id_ in "ab"] == [True, True]


def test_what_may_have_been_missed_is_older_than_data_that_saw_as_much():
    changed = Changed("shots", ("p",), "reconnected", snapshot="7:9:7")
    assert changed.is_older("p", "7:9:7")
    assert changed.is_older("p", "12:12:")
    assert not changed.is_older("p", "7:8:7")
    assert not changed.is_older("p", "7:9:7,8")


def test_waits_double_up_to_the_longest_with_jitter_and_begin_anew():
    calm, restless = Backoff(1.0, 15.0, lambda: 0.0), Backoff(1.0, 15.0, lambda: 1.0)
    assert [calm.next() for _ in range(6)] == [1, 2, 4, 8, 15, 15]
    assert [restless.next() for _ in range(3)] == [0.5, 1, 2]
    calm.reset()
    assert calm.next() == 1
