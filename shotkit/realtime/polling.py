"""Asks where the server tells nothing: one query for all that is watched, compared with the answer before."""

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from shotkit.realtime.changes import Changed, Reason
from shotkit.realtime.messages import TOPICS
from shotkit.realtime.pace import Backoff, Pace
from shotkit.realtime.watches import EVERY_PROJECT
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.realtime.watches import Watches

__all__ = ["Asking", "Poll"]

_Marks = dict[str, str | None]  # id -> fingerprint of its rows, None where there are none


class Poll:
    """The fingerprints of the last answer; `missed` is the reason told with what was not asked for before."""

    def __init__(self, missed: Reason) -> None:
        self._missed = missed
        self._known: dict[str, _Marks] = {}

    def ask(self, database: "Database", watched: Mapping[str, tuple[str, ...]]) -> list[Changed]:
        """Return what changed since it was last asked for, in one round trip; `watched` has ids by table."""
        rows = database.rows(
            statement("realtime/fingerprints"),
            shot_ids=list(watched["shot_generations"]),
            generation_ids=list(watched["generation_variants"]),
            project_ids=list(watched["shots"]),
            gallery_ids=list(watched["generations"]),
            of_all=EVERY_PROJECT if EVERY_PROJECT in watched["generations"] else None,
        )
        marks: dict[str, _Marks] = {table: dict.fromkeys(ids) for table, ids in watched.items()}
        for row in rows:
            if row["what"]:
                marks[row["what"]][row["id"]] = row["fingerprint"]
        known, self._known = self._known, marks
        return list(self._differences(known, rows[0]["snapshot"]))

    def _differences(self, known: dict[str, _Marks], snapshot: str) -> Iterator[Changed]:
        for table, marks in self._known.items():
            before = known.get(table, {})
            new = tuple(id_ for id_ in marks if id_ not in before)
            other = tuple(id_ for id_ in marks if id_ in before and marks[id_] != before[id_])
            if new:
                yield Changed(table, new, self._missed, snapshot=snapshot)
            if other:
                yield Changed(table, other, "polled", snapshot=snapshot)


class Asking:
    """Asks for `tables` of what is watched, at a pace that slows down while nothing changes."""

    def __init__(self, watches: "Watches", tables: tuple[str, ...], missed: Reason, pace: Pace) -> None:
        self._watches = watches
        self._tables = tables
        self._poll = Poll(missed)
        self._waits = Backoff(*pace.polls)
        self._rest = pace.rest
        self._due = 0.0
        self._asked: dict[str, tuple[str, ...]] = {}

    def left(self, now: float) -> float | None:
        """Return the time until it asks again, None while nothing is watched; what is new does not wait."""
        watched = self._watched()
        if not any(watched.values()):
            return None
        return 0.0 if watched != self._asked else max(0.0, self._due - now)

    def ask(self, database: "Database") -> list[Changed]:
        """Return what changed since it was last asked for."""
        self._asked = self._watched()
        began = time.monotonic()
        changes = self._poll.ask(database, dict.fromkeys(TOPICS, ()) | self._asked)
        if changes:
            self._waits.reset()
        now = time.monotonic()
        self._due = now + max(self._waits.next(), self._rest * (now - began))
        return changes

    def _watched(self) -> dict[str, tuple[str, ...]]:
        return {table: self._watches.ids(table) for table in self._tables}
