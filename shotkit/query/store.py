"""The entries by key under one lock, never held while code of the user runs: patches, sizes, callbacks."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NamedTuple, TypeVar

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
_LOOK_EVERY = 1.0  # seconds between looks for unused entries: a look takes a while when there are thousands
_logger = logging.getLogger(__name__)


class _Made(NamedTuple):
    """A new log for an entry, and what had to be worked out with the lock left."""

    entry: Entry
    log: Log
    size: int
    failures: list[str]


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
        self._bytes = 0
        self._looked = scheduler.now()
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
        if effects:
            _call(effects)

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
            made = [self._made(entry, log, compute(entry, log)) for entry, log in seen]
            with self.changing(sweep=False) as effects:  # what was picked must not leave now
                if (entries := pick()) is None:
                    return False
                if [(entry, entry.log) for entry in entries] != seen:
                    continue
                for each in made:
                    self._put(each)
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

    def _made(self, entry: Entry, old: Log, new: Log) -> _Made:
        failed = [each for each in new.pending if each.op_id in new.failed and each.op_id not in old.failed]
        told = [f"{each.label}: {first_line(new.failed[each.op_id])}" for each in failed]
        return _Made(entry, new, self._measured(new), told)

    def _put(self, made: _Made) -> None:
        self._bytes += made.size - made.entry.size
        made.entry.log, made.entry.size = made.log, made.size
        for told in made.failures:
            self.note("replay failed", made.entry.key, told)

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
        if now - self._looked < _LOOK_EVERY:
            return
        self._looked = now
        for entry in list(self._entries.values()):
            if entry.needed() or entry.lost_observers():
                entry.last_used = now
            elif now - entry.last_used >= entry.unused_for:
                self._drop(entry, f"unused for {entry.unused_for:g} s")

    def _leave_by_bytes(self) -> None:
        if self._bytes <= self._byte_budget:
            return
        for entry in list(self._entries.values()):
            if self._bytes > self._byte_budget and not entry.needed():
                self._drop(entry, f"the budget of {self._byte_budget} bytes is spent")

    def _drop(self, entry: Entry, reason: str) -> None:
        del self._entries[entry.key]
        self._bytes -= entry.size
        self.note("leave", entry.key, reason)


def _call(effects: Effects) -> None:
    with ExitStack() as stack:
        for effect in reversed(effects):
            stack.callback(effect)
