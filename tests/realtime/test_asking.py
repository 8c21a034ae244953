"""How often it is asked: at once for what is new, later and later while nothing changes, never too much."""

import pytest

from shotkit.realtime.pace import Pace
from shotkit.realtime.polling import Asking
from shotkit.realtime.watches import Watch, Watches

THROUGH_A_POOLER = True

PROJECT = "00000000-0000-4000-8000-000000000001"


class Slow:
    """A database that answers the same each time, after `seconds` by the clock of the test."""

    def __init__(self, monkeypatch, seconds):
        self.now, self.seconds = 100.0, seconds
        monkeypatch.setattr("shotkit.realtime.polling.time.monotonic", lambda: self.now)
        monkeypatch.setattr("shotkit.realtime.pace.random.random", lambda: 0.0)

    def rows(self, *_, **__):
        self.now += self.seconds
        return [{"snapshot": "1:1:", "what": None}]


@pytest.fixture
def watches():
    return Watches()


def watched(watches, id_=PROJECT):
    watch = Watch("generations", id_, watches.remove)
    watches.add(watch)
    return watch


def test_nothing_is_asked_while_nothing_is_watched(watches):
    asking = Asking(watches, ("generations",), "connected", Pace())
    assert asking.left(0.0) is None
    watch = watched(watches)
    assert asking.left(0.0) == 0
    watch.stop()
    assert asking.left(0.0) is None


def test_what_is_watched_anew_is_asked_for_at_once(watches, monkeypatch):
    slow = Slow(monkeypatch, 0.0)
    asking = Asking(watches, ("generations",), "connected", Pace(polls=(1.0, 15.0)))
    watches_held = [watched(watches)]
    asking.ask(slow)
    assert asking.left(slow.now) > 0
    watches_held.append(watched(watches, PROJECT.replace("1", "2")))
    assert asking.left(slow.now) == 0


def test_a_question_that_takes_long_is_asked_seldom(watches, monkeypatch):
    slow = Slow(monkeypatch, 3.0)
    asking = Asking(watches, ("generations",), "connected", Pace(polls=(1.0, 15.0), rest=20.0))
    watch = watched(watches)
    asking.ask(slow)
    assert asking.left(slow.now) == pytest.approx(60.0)
    assert watch.id == PROJECT
