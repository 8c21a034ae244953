"""What the tests of the handles share: a stage, kits on it, and a second pair of eyes."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.load.conftest import kits
from tests.mutate.conftest import cutter, databases, stage, statements, through
from tests.storage.conftest import endpoint, store

__all__ = ["cutter", "databases", "endpoint", "kits", "stage", "statements", "store", "through"]

WAIT = 20.0  # seconds; nothing here takes one


@pytest.fixture
def kit(stage, kits):
    return kits()


@pytest.fixture
def shot(stage, kit):
    return kit.shot(stage.shot_id)


def eventually(holds: Callable[[], bool]) -> bool:
    """Ask again and again, until it holds or the time is over."""
    end = time.monotonic() + WAIT
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


class Watch:
    """Keeps what an observer is told; waits until something of it is as wanted."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self._news = threading.Condition()

    def __call__(self, result: Any) -> None:
        with self._news:
            self.told.append(result)
            self._news.notify_all()

    def wait(self, wanted: Callable[[Any], bool]) -> Any:
        with self._news:
            assert self._news.wait_for(lambda: any(map(wanted, self.told)), WAIT), self.told
            return next(result for result in self.told if wanted(result))


@pytest.fixture
def watch() -> Watch:
    return Watch()
