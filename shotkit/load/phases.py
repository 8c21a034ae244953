"""The two phases of loading a shot: display rows out of shot_data at once, its links when they are needed."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.engine import Columns, Read, table_of
from shotkit.load.cells import expanded, parsed
from shotkit.load.lacking import telling
from shotkit.load.shown import with_identities
from shotkit.model import cell_frames, is_video, url_identity
from shotkit.model.tables import GENERATION, IMAGES, LINKS, SHOWN
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.sql import Statement

__all__ = [
    "Reader",
    "images_read",
    "in_order",
    "links_read",
    "load_shown",
    "provisional",
]

_PHASE_ONE = pa.schema([GENERATION, *SHOWN, pa.field("cell", pa.string())])
_SHOWN = pa.schema([GENERATION, *SHOWN])
_CREATED = 1 + _SHOWN.get_field_index("created_at")  # behind the frame
_FEW = 200  # generations: below, calling Arrow takes longer than a loop over the rows


class Reader(Protocol):
    """A database, or a transaction on one."""

    def table(self, statement: "Statement", schema: pa.Schema, **parameters: object) -> pa.Table:
        """Return the statement's rows as an Arrow table of `schema`."""


def images_read(shot_id: str) -> Read:
    """Return the read of phase 1, whose rows `provisional` turns into a table of IMAGES."""
    return Read(statement("load/phase_one"), _PHASE_ONE, {"shot_id": shot_id})


def links_read(shot_id: str) -> Read:
    """Return the read of phase 2: LINKS, by the shot alone."""
    return Read(statement("load/phase_two"), LINKS, {"shot_id": shot_id})


def provisional(read: Columns) -> pa.Table:
    """Return a table of IMAGES: a row for each frame in the `cell` that shot_data has for the shot."""
    return _of_few(read) if len(read[0]) <= _FEW else _of_many(table_of(read, _PHASE_ONE))


def _of_few(read: Columns) -> pa.Table:
    *shown, cells = read
    rows = sorted(_places(shown, cells), key=_place)
    frames, ids, *rest = zip(*rows, strict=True) if rows else [()] * (len(shown) + 1)
    location, thumbnail_url, kind, *_ = rest
    identities = [url_identity(url) for url in location], [url_identity(url) for url in thumbnail_url]
    return table_of([ids, frames, *rest, *identities, [*map(is_video, kind, location)]], IMAGES)


def _places(shown: Columns, cells: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for row, cell in zip(zip(*shown, strict=True), parsed(cells), strict=True):
        for frame in cell_frames(cell):
            yield frame, *row


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    frame, id_, created_at = row[0], row[1], row[_CREATED]
    # As text, whose order is that of the moments: Arrow takes none before the year 1 or after 9999.
    return frame is None, frame or 0, created_at is None, created_at or "", id_


def _of_many(read: pa.Table) -> pa.Table:
    places, frames = expanded(read["cell"])
    order = in_order(frames, *(read[name].take(places) for name in ("created_at", "generation_id")))
    rows = with_identities(read.drop_columns("cell")).take(places.take(order))
    columns = {
        **dict(zip(rows.schema.names, rows.columns, strict=True)),
        "timeline_frame": frames.take(order),
    }
    return pa.Table.from_arrays([columns[name] for name in IMAGES.names], schema=IMAGES)


@telling
def load_shown(reader: Reader, generation_ids: Sequence[str]) -> pa.Table:
    """Return what is shown of these generations; nothing is asked when there are none."""
    if not generation_ids:
        return _none_shown()
    rows = reader.table(statement("load/shown_generations"), _SHOWN, generation_ids=list(generation_ids))
    return with_identities(rows)


@cache
def _none_shown() -> pa.Table:
    return with_identities(_SHOWN.empty_table())


def in_order(frames: pa.Array, created_at: pa.Array, ids: pa.Array) -> pa.Array:
    """Return the places of rows by frame, those without one last, then by created_at, then by id."""
    names = ["frame", "created_at", "id"]
    keys = pa.table([frames, created_at, ids], names=names)
    return pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in names])
