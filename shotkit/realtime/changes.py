"""What is told of: the shots, generations and projects that changed; what comes close together is joined."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from shotkit.realtime.messages import Message
from shotkit.realtime.snapshots import holds, is_older

__all__ = ["Changed", "Joined", "Own", "Reason"]

# The server said so; asking found a difference; or something may have been missed until now.
Reason = Literal["notified", "polled", "connected", "reconnected"]
_KEPT = 10_000  # own transactions that are remembered


@dataclass(frozen=True)
class Changed:
    """Rows of `table` changed: links of `shot_ids`, variants of `generation_ids`, or shots of `project_ids`.

    `xids` has the transactions of each id where the server told them; otherwise `snapshot` is what was to be
    seen when the change was found.
    """

    table: str
    ids: tuple[str, ...]
    reason: Reason
    xids: Mapping[str, frozenset[int]] = field(default_factory=dict)
    snapshot: str = ""

    @property
    def shot_ids(self) -> tuple[str, ...]:
        """The shots whose links changed."""
        return self.ids if self.table == "shot_generations" else ()

    @property
    def generation_ids(self) -> tuple[str, ...]:
        """The generations whose variants changed."""
        return self.ids if self.table == "generation_variants" else ()

    @property
    def project_ids(self) -> tuple[str, ...]:
        """The projects of which a shot was added, changed or deleted."""
        return self.ids if self.table == "shots" else ()

    def is_older(self, id_: str, snapshot: str) -> bool:
        """Return whether data read under `snapshot`, as text, has all that is told of `id_`."""
        if self.snapshot:
            return holds(snapshot, self.snapshot)
        return all(is_older(xid, snapshot) for xid in self.xids[id_])


class Own:
    """The last of this process's own transactions, whose echo is dropped; for any thread."""

    def __init__(self) -> None:
        self._xids: dict[int, None] = {}
        self._lock = threading.Lock()

    def add(self, xid: int) -> None:
        """Remember one more."""
        with self._lock:
            self._xids[xid] = None
            if len(self._xids) > _KEPT:
                del self._xids[next(iter(self._xids))]

    def foreign(self, xids: set[int]) -> frozenset[int]:
        """Return those that are not remembered."""
        with self._lock:
            return frozenset(xid for xid in xids if xid not in self._xids)


class Joined:
    """Messages on their way: those of `window` seconds become one Changed a table. All times in seconds."""

    def __init__(self, window: float, own: Own) -> None:
        self._window = window
        self._own = own
        self._due: float | None = None
        self._xids: dict[str, dict[str, set[int]]] = {}

    def add(self, message: Message, now: float) -> None:
        """Take in a message; the first one opens the window."""
        if self._due is None:
            self._due = now + self._window
        self._xids.setdefault(message.table, {}).setdefault(message.id, set()).add(message.xid)

    def left(self, now: float) -> float | None:
        """Return the time until something is due, None when nothing is on its way."""
        return None if self._due is None else max(0.0, self._due - now)

    def take(self, now: float) -> Iterator[Changed]:
        """Hand out what is due, once, without what was only done by own transactions."""
        if self._due is None or now < self._due:
            return
        due, self._xids, self._due = self._xids, {}, None
        for table, found in due.items():
            told = {id_: foreign for id_, xids in found.items() if (foreign := self._own.foreign(xids))}
            if told:
                yield Changed(table, tuple(told), "notified", told)
