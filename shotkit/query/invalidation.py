"""Invalidation: now, or in a while; delayed ones of one subject are joined into one."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial

from shotkit.query.errors import ClientClosedError
from shotkit.query.fetches import Fetches
from shotkit.query.keys import QueryKey
from shotkit.query.store import Store

__all__ = ["Invalidations"]


@dataclass(eq=False, slots=True)
class _Joined:
    """The delayed invalidations of one subject: the earliest time, all the keys, all the reasons."""

    due: float
    keys: dict[QueryKey, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)


class Invalidations:
    """Makes entries stale by key prefix, each time for a reason."""

    def __init__(self, store: Store, fetches: Fetches) -> None:
        self._store = store
        self._fetches = fetches
        self._joined: dict[Hashable, _Joined] = {}

    def now(self, prefixes: tuple[QueryKey, ...], reason: str) -> None:
        """Make what begins with one of `prefixes` stale; what is observed is fetched again."""
        with self._store.changing() as effects:
            if self._store.closed:
                raise ClientClosedError
            for entry in self._store.matching(prefixes):
                self._fetches.outdate(entry, reason, effects)

    def later(self, prefixes: tuple[QueryKey, ...], reason: str, delay: float, subject: Hashable) -> None:
        """Do so in `delay` seconds, with all that is delayed for this subject, at the earliest time."""
        due = self._store.scheduler.now() + delay
        with self._store.changing() as effects:
            if self._store.closed:
                raise ClientClosedError
            joined = self._joined.get(subject)
            if joined is None or due < joined.due:
                effects.append(partial(self._store.scheduler.later, delay, partial(self._ring, subject)))
            joined = self._joined.setdefault(subject, _Joined(due))
            joined.due = min(joined.due, due)
            joined.keys |= dict.fromkeys(prefixes)
            joined.reasons[reason] = None

    def _ring(self, subject: Hashable) -> None:
        # Observers may take their time, so they are told by a worker: timers must not wait for them.
        self._store.dispatch(partial(self._due, subject), lambda _: None)

    def _due(self, subject: Hashable) -> None:
        with self._store.changing():
            joined = self._joined.get(subject)
            if joined is None or joined.due > self._store.scheduler.now() or self._store.closed:
                return
            del self._joined[subject]
        self.now(tuple(joined.keys), "; ".join(joined.reasons))
