"""The client's diary: what happened to which key, and why; only the newest events are kept."""

from collections import deque
from dataclasses import dataclass

from shotkit.query.keys import QueryKey

__all__ = ["Event", "Events", "first_line"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when by the client's clock (seconds), to which key, and for what reason."""

    at: float
    what: str
    key: QueryKey
    reason: str

    def __str__(self) -> str:
        return f"{self.at:.3f} {self.what} {self.key!r}: {self.reason}"


class Events:
    """The last `kept` events, oldest first."""

    def __init__(self, kept: int) -> None:
        # Appending to a deque is atomic, so events may be added with or without the store's lock.
        self._events: deque[Event] = deque(maxlen=kept)

    def add(self, at: float, what: str, key: QueryKey, reason: str) -> None:
        """Write one event down; the oldest leaves when there are too many."""
        self._events.append(Event(at, what, key, reason))

    def all(self) -> tuple[Event, ...]:
        """Return the events kept, oldest first."""
        return tuple(self._events.copy())


def first_line(error: BaseException) -> str:
    """Return an error as one line: its kind and the first line of what it says."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
