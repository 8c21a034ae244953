"""Asks where the server tells nothing: one query for all that is watched, compared with the answer before."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from shotkit.realtime.changes import Changed, Reason
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["Poll"]

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
