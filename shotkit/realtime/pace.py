"""How long things take: all times in seconds."""

import random
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Backoff", "Pace"]


@dataclass(frozen=True)
class Pace:
    """The times of Realtime, as they should be; tests are in a hurry."""

    joined: float = 0.1  # events so close together are told as one
    probe: float = 2.0  # for a word sent to ourselves; if it does not come, LISTEN does not work here
    polls: tuple[float, float] = (1.0, 15.0)  # from a change on, and when nothing changes for long
    pauses: tuple[float, float] = (0.1, 30.0)  # before the first attempt to reconnect, and the longest
    rest: float = 20.0  # times as long as asking took: what a large project's takes of the server is bounded


class Backoff:
    """Times that double from the shortest to the longest; `jitter` (0 to 1) takes up to half of each away."""

    def __init__(self, shortest: float, longest: float, jitter: Callable[[], float] = random.random) -> None:
        self._shortest, self._longest = shortest, longest
        self._jitter = jitter
        self._next = shortest

    def next(self) -> float:
        """Return how long to wait now."""
        wait, self._next = self._next, min(self._longest, self._next * 2)
        return wait * (1 - 0.5 * self._jitter())

    def reset(self) -> None:
        """Begin anew with the shortest."""
        self._next = self._shortest
