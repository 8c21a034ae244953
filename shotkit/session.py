"""What the handles of one kit share: the database under one identity, and one query cache for its rows."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakSet

import pyarrow.compute as pc

from shotkit.engine import passing
from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    CouldNotCompleteError,
    ServerUnreachableError,
)
from shotkit.load import Phase, ShotRows, load_phase_one, load_phase_two, load_rows, load_variants
from shotkit.mutate import Change
from shotkit.query import (
    ClientClosedError,
    FetchCancelledError,
    QueryClient,
    Retry,
    invalidate_variant,
    shot_keys,
)
from shotkit.realtime import Changed, Realtime

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database
    from shotkit.journal import Journal
    from shotkit.query import Observer, Patch, QueryKey, QueryResult
    from shotkit.realtime import Watch
    from shotkit.storage import Store

__all__ = ["GALLERIES", "Session", "images_key", "links_key", "rows_key", "shown_at_once", "variants_key"]

GALLERIES = ("unified-generations", "project")  # the keys of all begin so
PATIENCE = 10.0  # seconds that a read is tried again after a lost connection
PAUSE = 1.0  # seconds for which changes are collected before galleries are read again,
REST = 5.0  # but at least so many times as long as reading took

_Data = TypeVar("_Data")


class Follower(Protocol):
    """A handle, which knows what it showed."""

    id: str

    def follow(self, change: Change) -> None:
        """Take what a change left as seen, if what it found was."""


class Session:
    """One identity's view of a database. Rows are kept for 30 s, and while what changes them is known."""

    def __init__(self, database: "Database", store: "Store", journal: "Journal") -> None:
        self.database = database
        self.store = store
        self._journal = journal
        self._closed = False
        self.handles: WeakSet[Follower] = WeakSet()
        self.client = QueryClient(retry=Retry(deadline=PATIENCE, retryable=_worth_another_try))
        self.realtime = Realtime(database, self._heard)
        self.gallery_took = 0.0  # seconds, the last time

    @property
    def journal(self) -> "Journal":
        """Where changes are noted, for as long as the kit is open."""
        self._check_open()
        return self._journal

    def images(self, shot_id: str) -> Phase:
        """Return phase 1 of a shot."""
        rows = self.fresh(rows_key(shot_id))
        if rows is not None and rows.images is not None:
            return Phase(rows.images, rows.snapshot)
        return self.fetch(images_key(shot_id), partial(load_phase_one, self.database, shot_id))

    def links(self, shot_id: str) -> "pa.Table":
        """Return phase 2 of a shot."""
        if (rows := self.fresh(rows_key(shot_id))) is not None:
            return rows.links
        return self.fetch(links_key(shot_id), partial(load_phase_two, self.database, shot_id)).rows

    def rows(self, shot_id: str) -> ShotRows:
        """Return both phases of a shot, merged."""
        return self.fetch(rows_key(shot_id), partial(self._read_rows, shot_id))

    def variants(self, generation_id: str) -> "pa.Table":
        """Return the variants of a generation."""
        return self.fetch(variants_key(generation_id), partial(load_variants, self.database, generation_id))

    def fetch(self, key: "QueryKey", read: Callable[[], _Data]) -> _Data:
        """Return the rows of `key`, from the cache while they are fresh."""
        with _told():
            return self.client.fetch(key, read)

    def fresh(self, key: "QueryKey") -> Any:
        """Return the rows of `key` if they are in the cache and fresh, else None."""
        self._check_open()
        result = self.client.result(key)
        return None if result.is_stale else result.data

    def observe_rows(self, shot_id: str, callback: "Callable[[QueryResult], object]") -> "Observer":
        """Call back at every change of a shot's rows, by whomever, for as long as the observer is kept.

        Until phase 2 has come, phase 1 is the placeholder.
        """
        return self._observe(
            self.realtime.watch,
            shot_id,
            key=rows_key(shot_id),
            callback=callback,
            function=partial(self._read_rows, shot_id),
            placeholder=partial(self.client.get, images_key(shot_id)),
        )

    def observe_variants(self, generation_id: str, callback: "Callable[[QueryResult], object]") -> "Observer":
        """Call back at every change of a generation's variants, by whomever, as above."""
        return self._observe(
            self.realtime.watch_generation,
            generation_id,
            key=variants_key(generation_id),
            callback=callback,
            function=partial(load_variants, self.database, generation_id),
        )

    def observe_gallery(
        self,
        project_id: str | None,
        key: "QueryKey",
        callback: "Callable[[QueryResult], object]",
        read: "Callable[[], pa.Table]",
    ) -> "Observer":
        """Call back at every change of what a gallery reads, of a project or of all, by whomever."""
        watch = self.realtime.watch_gallery
        return self._observe(watch, project_id, key=key, callback=callback, function=read)

    def as_seen(self, shot_id: str, seen: "Mapping[str, int | None]") -> ShotRows | None:
        """Return the rows of a shot in the cache if they have the links and frames that were seen."""
        rows: ShotRows | None = self.client.get(rows_key(shot_id))
        return rows if rows is not None and rows.frames == seen else None

    def write(self, scope: Hashable, send: Callable[[], Change], **shown: Any) -> Change:
        """Send a change when the earlier ones of its scope are done; see QueryClient.write."""
        with _told():
            change: Change = self.client.write(scope, send, **shown)
        if change.xid is not None:
            self.realtime.ignore(int(change.xid))
        return change

    def followed(self, id_: str, change: Change) -> None:
        """Tell the handles of a shot or generation of a change that was asked of the kit, not of them."""
        for handle in [each for each in self.handles if each.id == id_]:
            handle.follow(change)

    def shots_with(self, generation_id: str) -> list[str]:
        """Return the shots of the cache that hold a generation."""
        held = self.client.keys(("all-shot-generations",), ("shot-generations-meta",))
        return sorted({str(key[1]) for key in held if _holds(self.client.get(key), generation_id)})

    def forget_variants(self, generation_id: str, *, reason: str) -> None:
        """Make the variants of a generation stale, and every shot of the cache that holds it."""
        invalidate_variant(self.client, generation_id, self.shots_with(generation_id), reason=reason)

    def forget_galleries(self, *, reason: str) -> None:
        """Make every gallery stale in a moment: a stretch of changes is one reading, not many."""
        if self.client.keys(GALLERIES):
            self.client.invalidate(GALLERIES, reason=reason, delay=max(PAUSE, REST * self.gallery_took))

    def close(self) -> None:
        """End what runs in the background, then close the connections."""
        self._closed = True
        self.realtime.close()
        self.client.close()
        self._journal.close()
        self.database.close()

    def _check_open(self) -> None:
        if self._closed:
            raise _closed()

    def _heard(self, changed: Changed) -> None:
        """Let go of what is older than a change that others made."""
        reason = f"realtime: {changed.reason}"
        keys = [key for id_ in changed.shot_ids for key in self._older(changed, id_)]
        for id_ in changed.shot_ids:
            keys += [*shot_keys(id_, "counts"), *shot_keys(id_, "unified")]
        for id_ in changed.generation_ids:
            self.forget_variants(id_, reason=reason)
        keys += [("shots", id_) for id_ in changed.project_ids]
        self.client.invalidate(*keys, reason=reason)
        self.forget_galleries(reason=reason)

    def _older(self, changed: Changed, shot_id: str) -> "list[QueryKey]":
        """Return the keys of a shot that do not show the change: a fetch under way has no rows to ask."""
        held = [(key, self.client.get(key)) for key in self.client.keys(*shot_keys(shot_id, "metadata"))]
        return [key for key, data in held if data is None or not changed.is_older(shot_id, data.snapshot)]

    def _observe(self, watch: "Callable[[Any], Watch]", id_: str | None, **how: Any) -> "Observer":
        if not callable(how["callback"]):
            raise ConfigurationError(
                f"observe() needs a function of one argument to call, found {how['callback']!r:.80}."
            )
        self._check_open()
        with _told():
            # Before anything is read: what is written from here on is heard. A snapshot does not change.
            watched = watch(id_) if self.database.engine == "postgres" else None
            observer = self.client.observe(**how)
        observer.companion = watched
        return observer

    def _read_rows(self, shot_id: str) -> ShotRows:
        images, links = self.fresh(images_key(shot_id)), self.fresh(links_key(shot_id))
        return load_rows(self.database, shot_id, images, links)


def images_key(shot_id: str) -> "QueryKey":
    """Return the key of phase 1: what invalidates the shot's rows invalidates it too."""
    return (*rows_key(shot_id), "images")


def links_key(shot_id: str) -> "QueryKey":
    """Return the key of phase 2."""
    return ("shot-generations-meta", shot_id)


def rows_key(shot_id: str) -> "QueryKey":
    """Return the key of both phases merged."""
    return ("all-shot-generations", shot_id)


def variants_key(generation_id: str) -> "QueryKey":
    """Return the key of a generation's variants."""
    return ("generation-variants", generation_id)


def shown_at_once(shot_id: str, changed: "pa.Table", removed: "Collection[str]") -> "dict[QueryKey, Patch]":
    """Return the patches that show links of a shot as in `changed`, without those `removed`."""

    def patch(rows: ShotRows | Phase) -> ShotRows | Phase:
        return rows.with_links(changed, removed)

    return {rows_key(shot_id): patch, links_key(shot_id): patch}


def _holds(data: ShotRows | Phase | None, generation_id: str) -> bool:
    if data is None:
        return False
    rows = data.merged.rows if isinstance(data, ShotRows) else data.rows
    return bool(pc.index(rows["generation_id"], generation_id).as_py() >= 0)


def _worth_another_try(error: BaseException) -> bool:
    return isinstance(error, ConnectionLostError | ServerUnreachableError) or passing(error)


def _closed() -> ConfigurationError:
    return ConfigurationError("This kit is closed; connect again with shotkit.connect().")


@contextmanager
def _told() -> Iterator[None]:
    """Raise shotkit's errors for the query client's."""
    try:
        yield
    except ClientClosedError as error:
        raise _closed() from error
    except FetchCancelledError as error:
        raise CouldNotCompleteError(f"{error} Ask again.") from error
