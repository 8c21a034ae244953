"""One entry of the cache: its data and their age, its fetch, who waits and who watches."""

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from shotkit.query.keys import QueryKey
from shotkit.query.optimistic import Log
from shotkit.query.presets import Preset
from shotkit.query.results import QueryResult

if TYPE_CHECKING:
    from concurrent.futures import Future

    from shotkit.query.observers import Observer

__all__ = ["Entry", "Fetch", "Waiter"]


@dataclass(eq=False, slots=True)
class Waiter:
    """Somebody who waits for rows no older than the invalidation number `epoch`."""

    epoch: int
    future: "Future[Any]"
    bell: threading.Event | None = None  # of a thread: rings when it may run the fetch itself, and at the end


@dataclass(eq=False, slots=True)
class Fetch:
    """One fetch of an entry with all its attempts; `epoch` and `began` are those of the running attempt."""

    entry: "Entry"
    asked: float
    state: Literal["queued", "running", "backing off"] = "queued"
    epoch: int = 0
    began: float = 0.0
    attempts: int = 0
    thread: int = 0
    cancelled: bool = False

    @property
    def live(self) -> bool:
        """Whether its result may still land."""
        return self.entry.fetch is self

    @property
    def overtaken(self) -> bool:
        """Whether the entry was invalidated after the running attempt began to read."""
        return self.epoch < self.entry.epoch

    @property
    def function(self) -> Callable[[], Any]:
        """The function that reads the rows, the latest one that was given."""
        if self.entry.function is None:
            raise AssertionError("A fetch is made only for an entry with a function.")
        return self.entry.function

    def begin(self, now: float) -> None:
        """Begin an attempt on this thread."""
        self.state, self.thread = "running", threading.get_ident()
        self.epoch, self.began = self.entry.epoch, now
        self.attempts += 1


@dataclass(eq=False, slots=True)
class Entry:
    """What is known of one key, changed under the store's lock.

    `epoch` counts its invalidations and settled edits: a fetch that began at a lower one may have older rows.
    """

    key: QueryKey
    preset: Preset
    last_used: float = 0.0
    function: Callable[[], Any] | None = None
    log: Log = field(default_factory=Log)
    size: int = 0
    epoch: int = 0
    as_of: float | None = None  # when the read of the confirmed data began: they may be as old as that
    invalidated: bool = False
    error: Exception | None = None
    fetch: Fetch | None = None
    waiters: list[Waiter] = field(default_factory=list)
    watchers: "list[weakref.ref[Observer]]" = field(default_factory=list)
    unused_for: float = 0.0
    was_observed: bool = False

    def fresh(self, now: float, preset: Preset) -> bool:
        """Whether the data may be shown without asking the database again."""
        return self.as_of is not None and not self.invalidated and now - self.as_of < preset.fresh_for

    def observers(self) -> "list[Observer]":
        """Return the observers that are still there, forgetting those that are not."""
        found = [(ref, observer) for ref in self.watchers if (observer := ref()) and observer.active]
        self.watchers = [ref for ref, _ in found]
        return [observer for _, observer in found]

    def observe(self, observer: "Observer") -> None:
        """Let an observer watch for as long as it is there."""
        self.watchers.append(weakref.ref(observer))
        self.was_observed = True

    def lost_observers(self) -> bool:
        """Whether the last observer has gone since this was asked before: nobody says so when it goes."""
        was_observed, self.was_observed = self.was_observed, bool(self.observers())
        return was_observed and not self.was_observed

    def needed(self) -> bool:
        """Whether the entry must stay: observed, being fetched, waited for, or with edits not yet settled."""
        return bool(self.fetch or self.waiters or self.log.pending or self.observers())

    def use(self, now: float, preset: Preset) -> None:
        """Note a use under `preset`; an entry is kept for the longest time that anybody asked for."""
        self.preset, self.last_used = preset, now
        self.unused_for = max(self.unused_for, preset.unused_for)

    def result(self, now: float, preset: Preset) -> QueryResult:
        """Return what is known now, as somebody who asks under `preset` sees it."""
        return QueryResult(
            data=self.log.view if self.log.has_data else None,
            has_data=self.log.has_data,
            error=self.error,
            is_fetching=self.fetch is not None,
            is_stale=not self.fresh(now, preset),
            as_of=self.as_of,
            pending=tuple(operation.label for operation in self.log.pending),
            failed=self.log.failures(),
        )
