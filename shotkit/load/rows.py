"""A shot's rows as they were read, with the snapshot that tells what is older than they are."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.engine import Read, table_of
from shotkit.errors import NotFoundError
from shotkit.load.lacking import telling
from shotkit.load.merge import Merged, merge
from shotkit.load.phases import images_read, links_read, load_shown, provisional
from shotkit.model.tables import LINKS
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Columns, Database

__all__ = ["Phase", "ShotRows", "load_phase_one", "load_phase_two", "load_rows"]

_SNAPSHOT = pa.schema([pa.field("snapshot", pa.string())])


@dataclass(frozen=True)
class Phase:
    """The rows of one phase; `snapshot` is the text of pg_current_snapshot() as they were read."""

    rows: pa.Table
    snapshot: str

    @property
    def nbytes(self) -> int:
        """The bytes that it holds, as the query cache asks."""
        return int(self.rows.get_total_buffer_size())

    def with_links(self, changed: pa.Table, removed: Collection[str] = ()) -> "Phase":
        """Return phase 2 with these links; see ShotRows.with_links."""
        return replace(self, rows=_by_frame(_with(self.rows, changed, removed)))


@dataclass(frozen=True)
class ShotRows:
    """Both phases and what they come to; `snapshot` is that of the older one.

    After a change there are no `images`: phase 1 says what shot_data says, which is then to be read again.
    """

    images: pa.Table | None
    links: pa.Table
    merged: Merged
    snapshot: str

    @property
    def nbytes(self) -> int:
        """The bytes that it holds, as the query cache asks."""
        tables = [self.links, self.merged.rows, self.merged.drift, *([self.images] if self.images else [])]
        return sum(int(table.get_total_buffer_size()) for table in tables)

    @property
    def frames(self) -> dict[str, int | None]:
        """The frame of every link."""
        return dict(zip(self.links["id"].to_pylist(), self.links["timeline_frame"].to_pylist(), strict=True))

    def with_links(self, changed: pa.Table, removed: Collection[str] = ()) -> "ShotRows":
        """Return the rows with these links as in `changed`: its `id`, and those columns of LINKS that it has.

        Links that are not among the rows are left out. It may be done twice.
        """
        rows = _with(self.merged.rows, changed, removed)
        touched = [*changed["id"].to_pylist(), *removed]
        merged = replace(self.merged, rows=_by_frame(rows), drift=self._drift_without(touched))
        links = _by_frame(_with(self.links, changed, removed))
        return replace(self, images=None, links=links, merged=merged)

    def _drift_without(self, ids: list[str]) -> pa.Table:
        # A stored change leaves its generations without drift in this shot.
        drift = self.merged.drift
        if not len(drift):
            return drift
        touched = self.links.filter(pc.is_in(self.links["id"], value_set=pa.array(ids, pa.string())))
        agreed = pc.is_in(drift["generation_id"], value_set=touched["generation_id"].combine_chunks())
        return drift.filter(pc.invert(agreed))


@telling
def load_phase_one(database: "Database", shot_id: str) -> Phase:
    """Read phase 1: a table of IMAGES. NotFoundError where there is no such shot."""
    [[snapshot]], images = database.columns(_snapshot(), images_read(shot_id))
    _check_there(database, shot_id, images)
    return Phase(provisional(images), snapshot)


@telling
def load_phase_two(database: "Database", shot_id: str) -> Phase:
    """Read phase 2: a table of LINKS. NotFoundError where there is no such shot."""
    [[snapshot]], links = database.columns(_snapshot(), links_read(shot_id))
    _check_there(database, shot_id, links)
    return Phase(table_of(links, LINKS), snapshot)


@telling
def load_rows(
    database: "Database", shot_id: str, images: Phase | None = None, links: Phase | None = None
) -> ShotRows:
    """Read what is not given of the two phases, in one snapshot, and merge.

    What another session writes between the two is so no drift. A second read follows only for generations
    that the links name and phase 1 did not show. NotFoundError where there is no such shot.
    """
    if images is None and links is None:
        asked = _snapshot(), images_read(shot_id), links_read(shot_id)
        [[snapshot]], found, linked = database.columns(*asked)
        _check_there(database, shot_id, found, linked)
        images, links = Phase(provisional(found), snapshot), Phase(table_of(linked, LINKS), snapshot)
    images = images or load_phase_one(database, shot_id)
    links = links or load_phase_two(database, shot_id)
    merged = merge(images.rows, links.rows, partial(load_shown, database))
    return ShotRows(images.rows, links.rows, merged, min(images, links, key=_age).snapshot)


def _check_there(database: "Database", shot_id: str, *read: "Columns") -> None:
    # Rows prove that there is a shot; only where none came back is it asked for.
    if any(len(columns[0]) for columns in read) or database.rows(
        statement("load/find_shot"), id=shot_id, name=None
    ):
        return
    raise NotFoundError(
        f"There is no shot {shot_id} any more, or none that this user may see; list them with kit.shots()."
    )


def _snapshot() -> Read:
    return Read(statement("load/snapshot"), _SNAPSHOT, {})


def _age(phase: Phase) -> list[int]:
    return [int(part) for part in phase.snapshot.split(":")[:2]]


def _with(rows: pa.Table, changed: pa.Table, removed: Collection[str]) -> pa.Table:
    places = pc.index_in(rows["id"], value_set=changed["id"].combine_chunks())
    is_changed = pc.is_valid(places)
    for name in changed.schema.names:
        if name in rows.schema.names and name != "id":
            new = pc.if_else(is_changed, changed[name].take(places), rows[name])
            rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), new)
    if not removed:
        return rows
    gone = pa.array(list(removed), pa.string())
    return rows.filter(pc.invert(pc.is_in(rows["id"], value_set=gone)))


def _by_frame(rows: pa.Table) -> pa.Table:
    # Stable: rows without a frame keep their order.
    return rows.sort_by([("timeline_frame", "ascending")])
