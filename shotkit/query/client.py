"""QueryClient: what its users hold; each method hands over to the module that knows how."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar

from shotkit.query.attempt import Request
from shotkit.query.edits import Edit, Edits
from shotkit.query.events import Event
from shotkit.query.fetches import Fetches
from shotkit.query.flights import Flights
from shotkit.query.invalidation import Invalidations
from shotkit.query.keys import QueryKey, as_key, as_prefix
from shotkit.query.observers import Callback, Observer
from shotkit.query.optimistic import MISSING, Patch
from shotkit.query.presets import REALTIME_BACKED, Preset
from shotkit.query.results import QueryResult
from shotkit.query.retries import Retry
from shotkit.query.schedule import Scheduler, ThreadScheduler
from shotkit.query.sizes import estimated_bytes
from shotkit.query.store import Store
from shotkit.query.writes import Stored, Write, Writes

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["QueryClient"]

T = TypeVar("T")


class QueryClient:
    """A cache of query results: fetched once for all who ask, invalidated by key, edited before the answer.

    One client serves one identity: what another user may see belongs in another client. `byte_budget` is in
    bytes, measured by `size`; `scheduler` has the clock and the threads, and is closed with the client;
    `events_kept` is how many events are remembered.
    """

    def __init__(
        self,
        *,
        retry: Retry | None = None,
        byte_budget: int = 256 * 2**20,
        size: Callable[[Any], int] = estimated_bytes,
        scheduler: Scheduler | None = None,
        events_kept: int = 1000,
    ) -> None:
        self._scheduler = scheduler or ThreadScheduler()
        self._store = Store(self._scheduler, byte_budget=byte_budget, size=size, events_kept=events_kept)
        self._flights = Flights(self._store, retry or Retry())
        self._fetches = Fetches(self._store, self._flights)
        self._edits = Edits(self._store, self._fetches)
        self._writes = Writes(self._store, self._edits)
        self._invalidations = Invalidations(self._store, self._fetches)

    def fetch(
        self,
        key: QueryKey,
        function: Callable[[], T],
        *,
        preset: Preset = REALTIME_BACKED,
        initial: Any = MISSING,
        disable_refetch: bool = False,
    ) -> T:
        """Return fresh rows, from the cache or by `function`, which is called once for all who ask meanwhile.

        `initial` counts as fetched where there are no rows yet. With `disable_refetch`, rows that are there
        come as they are. The rows belong to the cache: copy them before changing them.
        """
        self._seed(key, initial, preset)
        rows: T = self._fetches.fetch(Request(as_key(key), function, preset, disable_refetch))
        return rows

    async def fetch_async(
        self,
        key: QueryKey,
        function: Callable[[], T],
        *,
        preset: Preset = REALTIME_BACKED,
        initial: Any = MISSING,
        disable_refetch: bool = False,
    ) -> T:
        """Do as fetch() does, from an event loop: `function`, a plain one, is called on a worker thread."""
        self._seed(key, initial, preset)
        asked = self._fetches.ask(Request(as_key(key), function, preset, disable_refetch))
        rows: T = await asyncio.wrap_future(asked)
        return rows

    def prefetch(
        self, key: QueryKey, function: Callable[[], T], *, preset: Preset = REALTIME_BACKED
    ) -> "Future[T]":
        """Have a worker fetch what will be wanted soon, if it is not fresh; the future gives the rows."""
        return self._fetches.ask(Request(as_key(key), function, preset))

    def get(self, key: QueryKey, default: Any = None) -> Any:
        """Return the rows in the cache, pending edits shown, however old; nothing is fetched."""
        result = self.result(key)
        return result.data if result.has_data else default

    def result(self, key: QueryKey, preset: Preset | None = None) -> QueryResult:
        """Return all that is known of `key` now, stale or fresh under `preset` or that of the last caller."""
        with self._store.changing():
            entry = self._store.find(as_key(key))
            if entry is None:
                return QueryResult()
            self._store.use(entry, entry.preset)
            return entry.result(self._scheduler.now(), preset or entry.preset)

    def keys(self, *prefixes: QueryKey) -> list[QueryKey]:
        """Return the keys in the cache that begin with one of `prefixes`."""
        with self._store.changing():
            return [entry.key for entry in self._store.matching(map(as_prefix, prefixes))]

    def observe(  # noqa: PLR0913 -- an observer is made of these, all but two by keyword
        self,
        key: QueryKey,
        callback: Callback,
        *,
        function: Callable[[], Any] | None = None,
        preset: Preset = REALTIME_BACKED,
        initial: Any = MISSING,
        placeholder: Callable[[], Any] | None = None,
    ) -> Observer:
        """Call `callback(result)` at every change of `key` for as long as the observer returned is kept.

        What is not fresh is fetched by a worker, with `function` or the one last given. `placeholder()` is
        shown while there are no rows, and never stored.
        """
        self._seed(key, initial, preset)
        observer = Observer(as_key(key), callback, self.result, preset, placeholder)
        with self._store.changing() as effects:
            entry = self._store.entry(key, preset)
            entry.function = function or entry.function
            entry.observe(observer)
            if not entry.fresh(self._scheduler.now(), preset):
                self._flights.wish(entry, effects)
        return observer

    def invalidate(
        self, *prefixes: QueryKey, reason: str, delay: float | None = None, subject: Hashable = None
    ) -> None:
        """Make every entry whose key begins with one of `prefixes` stale; what is observed is fetched again.

        With `delay` (seconds) it is done later; delayed calls of one `subject` (the prefixes, unless given)
        are joined: all their prefixes, at the earliest of their times. A fetch under way, which may have read
        before the change, lands stale and is followed by one more.
        """
        for prefix in prefixes:
            as_prefix(prefix)
        if not reason.strip():
            raise ValueError("An invalidation needs a reason: say what changed.")
        if delay is None:
            self._invalidations.now(prefixes, reason)
        else:
            self._invalidations.later(prefixes, reason, delay, prefixes if subject is None else subject)

    def cancel(self, *prefixes: QueryKey, reason: str) -> None:
        """Cancel running fetches: their results never land, and those who wait get a FetchCancelledError."""
        self._fetches.cancel(map(as_prefix, prefixes), reason)

    @contextmanager
    def disable_refetch(self, *prefixes: QueryKey) -> Iterator[None]:
        """Hold rows still during a drag or a write: only edits change them; what is stale is fetched then."""
        held = [as_prefix(prefix) for prefix in prefixes]
        with self._store.changing():
            self._store.held += held
        try:
            yield
        finally:
            self._fetches.release(held)

    def edit(self, patches: Mapping[QueryKey, Patch], *, label: str = "edit") -> Edit:
        """Show an edit at once; acknowledge or refuse the Edit returned when the answer is there.

        A patch is a pure function from rows to rows that may meet its own change: it sets, it never adds.
        """
        return self._edits.begin(patches, label)

    def write(
        self,
        scope: Hashable,
        send: Callable[[], T],
        *,
        patches: Mapping[QueryKey, Patch] | None = None,
        stored: Stored | None = None,
        label: str = "write",
    ) -> T:
        """Show `patches`, call `send` when the earlier writes of `scope` are done, and return its answer.

        `stored(answer)` gives the patches that set the rows as stored, in the place of the edit. What `send`
        raises takes the edit back, and is raised.
        """
        answer: T = self._writes.write(Write(scope, send, patches or {}, stored, label))
        return answer

    def write_async(
        self,
        scope: Hashable,
        send: Callable[[], T],
        *,
        patches: Mapping[QueryKey, Patch] | None = None,
        stored: Stored | None = None,
        label: str = "write",
    ) -> Awaitable[T]:
        """Do as write() does, from an event loop: the edit is shown at once, `send` is called on a worker."""
        return asyncio.wrap_future(self._writes.submit(Write(scope, send, patches or {}, stored, label)))

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, and why, oldest first."""
        return self._store.events.all()

    def close(self, *, wait: bool = True) -> None:
        """End fetches, timers and workers; with `wait`, when the functions now running have returned."""
        self._fetches.close()
        self._scheduler.close(wait=wait)

    def _seed(self, key: QueryKey, initial: Any, preset: Preset) -> None:
        if initial is not MISSING:
            self._fetches.seed(as_key(key), initial, preset)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __contains__(self, key: QueryKey) -> bool:
        with self._store.changing():
            return self._store.find(key) is not None

    def __len__(self) -> int:
        with self._store.changing():
            return len(self._store.matching([()]))

    def __repr__(self) -> str:
        with self._store.changing():
            entries = self._store.matching([()])
            fetching = sum(entry.fetch is not None for entry in entries)
            pending = len({operation.op_id for entry in entries for operation in entry.log.pending})
            closed = ", closed" if self._store.closed else ""
            return (
                f"<QueryClient {len(entries)} entries, {fetching} fetching, {pending} edits pending{closed}>"
            )
