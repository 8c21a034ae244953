"""Who asks for fetches: callers that wait, on threads or event loops, invalidations, rows that are let go."""

import threading
from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any

from shotkit.query.attempt import Request
from shotkit.query.entry import Entry, Fetch, Waiter
from shotkit.query.errors import ClientClosedError, SelfWaitError
from shotkit.query.flights import Flights
from shotkit.query.keys import QueryKey
from shotkit.query.presets import Preset
from shotkit.query.store import Effects, Store

__all__ = ["Fetches"]


class Fetches:
    """Answers requests from a store, by a fetch where its rows are not fresh."""

    def __init__(self, store: Store, flights: Flights) -> None:
        self._store = store
        self._flights = flights

    def fetch(self, request: Request) -> Any:
        """Return the view, waiting for it if need be; a fetch that nobody runs yet is run on this thread."""
        bell = threading.Event()
        waiter = self._ask(request, bell)
        while not waiter.future.done():
            fetch = self._take_over(request.key, waiter)
            if fetch is not None:
                self._flights.lead(fetch)
            else:
                bell.wait()
                bell.clear()
        return waiter.future.result()

    def ask(self, request: Request) -> "Future[Any]":
        """Return a future of the view; a worker fetches it if need be."""
        return self._ask(request, None).future

    def seed(self, key: QueryKey, initial: Any, preset: Preset) -> None:
        """Store initial data as if fetched now, where there are none; an earlier invalidation still holds."""

        def empty() -> list[Entry] | None:
            entry = self._store.entry(key, preset)
            return None if entry.log.has_data else [entry]

        def install(entries: list[Entry], effects: Effects) -> None:
            (entry,) = entries
            entry.as_of = self._store.scheduler.now()
            self._store.note("seed", key, "initial data")
            self._store.tell(entry, effects)

        self._store.swap(empty, lambda _, log: log.landed(initial), install)

    def outdate(self, entry: Entry, reason: str, effects: Effects) -> None:
        """Make an entry stale, whatever a running fetch brings; fetch it if observed (with the lock held)."""
        entry.epoch += 1
        entry.invalidated = True
        self._store.note("invalidate", entry.key, reason)
        if entry.observers():
            self._flights.wish(entry, effects)
        self._store.tell(entry, effects)

    def release(self, prefixes: Iterable[QueryKey]) -> None:
        """Let rows go that were held still; what became stale meanwhile and is observed is fetched."""
        with self._store.changing() as effects:
            for prefix in prefixes:
                self._store.held.remove(prefix)
            for entry in self._store.matching(prefixes):
                if entry.invalidated and entry.observers():
                    self._flights.wish(entry, effects)

    def cancel(self, prefixes: Iterable[QueryKey], reason: str) -> None:
        """Let the fetches of these keys land nowhere; those who wait for them are told."""
        with self._store.changing() as effects:
            for entry in self._store.matching(prefixes):
                if entry.fetch is not None:
                    self._flights.cancel(entry.fetch, reason, effects)

    def close(self) -> None:
        """Refuse what is asked from now on, and tell those who wait."""
        with self._store.changing() as effects:
            self._store.closed = True
            for entry in self._store.matching([()]):
                if entry.fetch is not None:
                    self._flights.cancel(entry.fetch, "the client was closed", effects, ClientClosedError())

    def _ask(self, request: Request, bell: threading.Event | None) -> Waiter:
        with self._store.changing() as effects:
            entry = self._store.entry(request.key, request.preset)
            entry.function = request.function
            waiter = Waiter(entry.epoch, _waiting(bell), bell)
            if self._ready(entry, request):
                effects.append(partial(waiter.future.set_result, entry.log.view))
                return waiter
            _refuse_self_wait(entry.fetch, bell)
            entry.waiters.append(waiter)
            if entry.fetch is None and bell is None:
                self._flights.queue(self._flights.new(entry, effects), effects)
            return waiter

    def _ready(self, entry: Entry, request: Request) -> bool:
        held = request.disable_refetch or self._store.holds_still(entry)
        return entry.log.has_data and (held or entry.fresh(self._store.scheduler.now(), request.preset))

    def _take_over(self, key: QueryKey, waiter: Waiter) -> Fetch | None:
        """Begin the fetch of a key on this thread; a worker for whom it was queued then finds it taken."""
        fetch = None
        try:
            with self._store.changing() as effects:
                entry = self._store.entry(key)
                if waiter not in entry.waiters:  # answered just now
                    return None
                fetch = self._flights.claim(entry.fetch or self._flights.new(entry, effects), effects)
        except BaseException as error:
            if fetch is not None:
                self._flights.interrupt(fetch, error)
            raise
        return fetch


def _waiting(bell: threading.Event | None) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()  # one who stops waiting must not cancel it for the rest
    if bell is not None:
        future.add_done_callback(lambda _: bell.set())
    return future


def _refuse_self_wait(fetch: Fetch | None, bell: threading.Event | None) -> None:
    if fetch is None or bell is None or fetch.state != "running":
        return
    if fetch.thread == threading.get_ident():
        raise SelfWaitError(
            f"The fetch of {fetch.entry.key!r} asks for its own key and would wait for itself."
        )
