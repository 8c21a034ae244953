"""The life of a fetch: queued, running, backing off, landed, or cancelled; one at a time for each key."""

from collections.abc import Callable
from functools import partial
from typing import Any

from shotkit.query.attempt import Outcome, fetched
from shotkit.query.entry import Entry, Fetch, Waiter
from shotkit.query.errors import FetchCancelledError, QueryError
from shotkit.query.events import first_line
from shotkit.query.retries import Retry
from shotkit.query.store import Effects, Store

__all__ = ["Flights"]


class Flights:
    """Runs the fetches of a store. What takes `effects` is called with the store's lock held."""

    def __init__(self, store: Store, retry: Retry) -> None:
        self._store = store
        self._retry = retry

    def wish(self, entry: Entry, effects: Effects) -> None:
        """Have a worker fetch an entry, unless that is under way or its rows are held still."""
        idle = entry.fetch is None and entry.function is not None
        if idle and not self._store.closed and not self._store.holds_still(entry):
            self.queue(self.new(entry, effects), effects)

    def new(self, entry: Entry, effects: Effects) -> Fetch:
        """Make the fetch of an entry that has none."""
        fetch = entry.fetch = Fetch(entry, self._store.scheduler.now())
        self._store.tell(entry, effects)
        return fetch

    def queue(self, fetch: Fetch, effects: Effects) -> None:
        """Offer a fetch to the workers and to the threads that wait: every worker might be one of these."""
        fetch.state = "queued"
        effects.extend(waiter.bell.set for waiter in fetch.entry.waiters if waiter.bell)
        effects.append(partial(self._store.dispatch, partial(self._work, fetch), partial(self._land, fetch)))

    def claim(self, fetch: Fetch, effects: Effects) -> Fetch | None:
        """Begin the next attempt on this thread; from here on an invalidation is newer than its result."""
        if not fetch.live or fetch.state != "queued":
            return None
        if self._store.holds_still(fetch.entry):
            self._turn_away(fetch, effects)
            return None
        fetch.begin(self._store.scheduler.now())
        fetch.entry.log = fetch.entry.log.fetching()
        self._store.note("fetch", fetch.entry.key, f"attempt {fetch.attempts}")
        return fetch

    def lead(self, fetch: Fetch) -> None:
        """Run a claimed fetch on this thread; raise its interruption after those who wait are told."""
        outcome = fetched(fetch, fetch.function)
        self._land(fetch, outcome)
        if outcome.error is not None and not isinstance(outcome.error, Exception):
            raise outcome.error

    def cancel(self, fetch: Fetch, reason: str, effects: Effects, error: QueryError | None = None) -> None:
        """Let a fetch land nowhere; an invalidation that it has met is not lost with it."""
        entry = fetch.entry
        met_invalidation = fetch.state == "running" and fetch.overtaken
        fetch.cancelled, entry.fetch = True, None
        entry.last_used = self._store.scheduler.now()
        told = error or FetchCancelledError(f"The fetch of {entry.key!r} was cancelled: {reason}.")
        effects.extend(partial(waiter.future.set_exception, told) for waiter in entry.waiters)
        entry.waiters = []
        self._store.note("cancel", entry.key, reason)
        self._store.tell(entry, effects)
        if met_invalidation and entry.observers():
            self.wish(entry, effects)

    def interrupt(self, fetch: Fetch, error: BaseException) -> None:
        """Cancel a fetch whose thread was told to stop."""
        reason = f"the thread that ran it was stopped by {type(error).__name__}"
        with self._store.changing() as effects:
            if fetch.live:
                self.cancel(fetch, reason, effects)

    def _work(self, fetch: Fetch) -> Outcome | None:
        with self._store.changing() as effects:
            claimed = self.claim(fetch, effects)
        return fetched(claimed, claimed.function) if claimed else None

    def _land(self, fetch: Fetch, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        try:
            if isinstance(outcome.error, Exception):
                self._fail(fetch, outcome.error)
            elif outcome.error is not None:
                self.interrupt(fetch, outcome.error)
            elif not self._succeed(fetch, outcome.value):
                self._find_no_place(fetch)
        except BaseException as error:
            # In a patch, a size or a callback; the next who asks must not find it stuck.
            self.interrupt(fetch, error)
            raise

    def _succeed(self, fetch: Fetch, data: Any) -> bool:
        def here() -> list[Entry] | None:
            return [fetch.entry] if fetch.live and not self._store.holds_still(fetch.entry) else None

        def install(entries: list[Entry], effects: Effects) -> None:
            (entry,) = entries
            entry.as_of, entry.error = fetch.began, None
            entry.invalidated = fetch.overtaken
            self._store.note("land", entry.key, "stale: overtaken" if fetch.overtaken else "fresh")
            self._conclude(fetch, effects)

        return self._store.swap(here, lambda _, log: log.landed(data), install)

    def _find_no_place(self, fetch: Fetch) -> None:
        with self._store.changing() as effects:
            if fetch.live:
                self._turn_away(fetch, effects)

    def _turn_away(self, fetch: Fetch, effects: Effects) -> None:
        """Leave rows that are held still as they are; the entry is stale until they are let go."""
        fetch.entry.invalidated = True
        self._store.note("turn away", fetch.entry.key, "refetching is disabled")
        self._conclude(fetch, effects, turned_away=True)

    def _fail(self, fetch: Fetch, error: Exception) -> None:
        wait, error = self._wait(fetch, error)
        told = first_line(error)
        with self._store.changing() as effects:
            if not fetch.live:
                return
            if wait is None:
                fetch.entry.error = error
                self._store.note("fail", fetch.entry.key, told)
                self._conclude(fetch, effects, error)
            else:
                fetch.state = "backing off"
                self._store.note("retry", fetch.entry.key, f"in {wait:.3f} s: {told}")
                effects.append(partial(self._store.scheduler.later, wait, partial(self._resume, fetch)))

    def _wait(self, fetch: Fetch, error: Exception) -> tuple[float | None, Exception]:
        try:
            return self._retry.wait(error, fetch.attempts, self._store.scheduler.now() - fetch.asked), error
        except Exception as broken:  # noqa: BLE001 -- a classifier that fails must not leave callers waiting
            return None, broken

    def _resume(self, fetch: Fetch) -> None:
        with self._store.changing() as effects:
            if fetch.live:
                self.queue(fetch, effects)

    def _conclude(
        self, fetch: Fetch, effects: Effects, error: Exception | None = None, *, turned_away: bool = False
    ) -> None:
        """Answer those who asked before the latest invalidation; have one more fetch for the others."""
        entry, entry.fetch = fetch.entry, None
        entry.last_used = self._store.scheduler.now()
        held = self._store.holds_still(entry)
        met = [each for each in entry.waiters if held or (not turned_away and each.epoch <= fetch.epoch)]
        entry.waiters = [each for each in entry.waiters if each not in met]
        effects.extend(_answer(waiter, entry.log.view, error) for waiter in met)
        self._store.tell(entry, effects)
        if entry.waiters or ((turned_away or fetch.overtaken) and entry.observers()):
            self.wish(entry, effects)


def _answer(waiter: Waiter, view: Any, error: Exception | None) -> Callable[[], None]:
    future = waiter.future
    return partial(future.set_result, view) if error is None else partial(future.set_exception, error)
