"""The entries by key under one lock, never held while code of the user runs: patches, sizes, callbacks."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, TypeVar

from shotkit.query.entry import Entry
from shotkit.query.errors import ClientClosedError
from shotkit.query.events import Events, first_line
from shotkit.query.keys import QueryKey, matches
from shotkit.query.optimistic import Log
from shotkit.query.presets import REALTIME_BACKED, Preset
from shotkit.query.schedule import Scheduler

__all__ = ["Effects", "Store"]

T = TypeVar("T")
Effects = list[Callable[[], None]]
_logger = logging.getLogger(__name__)


class Store:
    """What is cached. Unused entries leave by time and, least recently used first, by `byte_budget`."""

    def __init__(
        self, scheduler: Scheduler, *, byte_budget: int, size: Callable[[Any], int], events_kept: int
    ) -> None:
        self.scheduler = scheduler
        self.held: list[QueryKey] = []
        self.closed = False
        self.events = Events(events_kept)
        self._entries: dict[QueryKey, Entry] = {}  # the least recently used first
        self._byte_budget = byte_budget
        self._size = size
        self._lock = threading.Lock()

    @contextmanager
    def changing(self, *, sweep: bool = True) -> Iterator[Effects]:
        """Hold the lock; what is put on the list is called once it is left, all of it, whatever raises."""
        effects: Effects = []
        with self._lock:
            if sweep:
                self._leave_by_time()
            yield effects
            self._leave_by_bytes()
        with ExitStack() as stack:
            for effect in reversed(effects):
                stack.callback(effect)

    def entry(self, key: QueryKey, preset: Preset | None = None) -> Entry:
        """Return the entry of `key`, made if need be, as the most recently used one (with the lock held)."""
        if self.closed:
            raise ClientClosedError
        entry = self._entries.get(key) or Entry(key, preset or REALTIME_BACKED)
        self.use(entry, preset or entry.preset)
        return entry

    def use(self, entry: Entry, preset: Preset) -> None:
        """Make an entry the most recently used one (with the lock held)."""
        self._entries.pop(entry.key, None)
        self._entries[entry.key] = entry
        entry.use(self.scheduler.now(), preset)

    def find(self, key: QueryKey) -> Entry | None:
        """Return the entry of `key` if there is one (with the lock held)."""
        return self._entries.get(key)

    def matching(self, prefixes: Iterable[QueryKey]) -> list[Entry]:
        """Return the entries whose keys begin with one of `prefixes` (with the lock held)."""
        wanted = tuple(prefixes)
        return [entry for key, entry in self._entries.items() if any(matches(each, key) for each in wanted)]

    def holds_still(self, entry: Entry) -> bool:
        """Whether the rows of this entry are held still just now; an entry without rows never is."""
        return entry.log.has_data and any(matches(prefix, entry.key) for prefix in self.held)

    def swap(
        self,
        pick: Callable[[], list[Entry] | None],
        compute: Callable[[Entry, Log], Log],
        install: Callable[[list[Entry], Effects], None],
    ) -> bool:
        """Give the picked entries the logs that `compute` makes, and call `install`, all at one moment.

        `pick` and `install` are called with the lock held, `compute` without: if the entries changed
        meanwhile, it is called again. False, and nothing done, when `pick` finds None.
        """
        while True:
            with self._lock:
                if (entries := pick()) is None:
                    return False
                seen = [(entry, entry.log) for entry in entries]
            made = [(entry, compute(entry, log)) for entry, log in seen]
            sizes = [self._measured(log) for _, log in made]
            with self.changing(sweep=False) as effects:  # what was picked must not leave now
                if (entries := pick()) is None:
                    return False
                if [(entry, entry.log) for entry in entries] != seen:
                    continue
                for (entry, log), size in zip(made, sizes, strict=True):
                    self._tell_failures(entry, log)
                    entry.log, entry.size = log, size
                install(entries, effects)
                return True

    def tell(self, entry: Entry, effects: Effects) -> None:
        """Have the observers of an entry told once the lock is left."""
        effects.extend(observer.tell for observer in entry.observers())

    def note(self, what: str, key: QueryKey, reason: str) -> None:
        """Write an event down."""
        self.events.add(self.scheduler.now(), what, key, reason)

    def dispatch(self, work: Callable[[], T], land: Callable[[T], None]) -> None:
        """Have a worker call `land(work())`; nothing after a close, which tells everybody who waits."""
        with suppress(ClientClosedError):
            self.scheduler.run(work, land)

    def _tell_failures(self, entry: Entry, log: Log) -> None:
        labels = {operation.op_id: operation.label for operation in log.pending}
        for op_id in log.failed.keys() - entry.log.failed.keys():
            self.note("replay failed", entry.key, f"{labels[op_id]}: {first_line(log.failed[op_id])}")

    def _measured(self, log: Log) -> int:
        if not log.has_data:
            return 0
        shown = [log.confirmed] if log.view is log.confirmed else [log.confirmed, log.view]
        try:
            return sum(self._size(data) for data in shown)
        except Exception:
            _logger.exception("The size of cached data could not be told; they count as nothing.")
            return 0

    def _leave_by_time(self) -> None:
        now = self.scheduler.now()
        for entry in list(self._entries.values()):
            if entry.needed():
                entry.last_used = now
            elif now - entry.last_used >= entry.unused_for:
                self._drop(entry, f"unused for {entry.unused_for:g} s")

    def _leave_by_bytes(self) -> None:
        total = sum(entry.size for entry in self._entries.values())
        for entry in list(self._entries.values()):
            if total <= self._byte_budget:
                return
            if not entry.needed():
                total -= entry.size
                self._drop(entry, f"the budget of {self._byte_budget} bytes is spent")

    def _drop(self, entry: Entry, reason: str) -> None:
        del self._entries[entry.key]
        self.note("leave", entry.key, reason)
