"""Joins the two phases: the links are the truth, what shot_data says otherwise is drift."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.load.drift import find_drift
from shotkit.load.phases import in_order
from shotkit.model.tables import DRIFT, GENERATIONS

__all__ = ["Merged", "merge"]

Fetch = Callable[[list[str]], pa.Table]
_NO_DRIFT = DRIFT.empty_table()

# A link whose generation nobody may see is still a row.
_UNSEEN: Mapping[str, Any] = {
    "type": "image",
    "starred": False,
    "is_child": False,
    "url_identity": "",
    "thumb_url_identity": "",
    "is_video": False,
}


@dataclass(frozen=True)
class Merged:
    """The rows of a shot, a table of GENERATIONS, and a table of DRIFT."""

    rows: pa.Table
    drift: pa.Table


def merge(images: pa.Table, links: pa.Table, fetch: Fetch) -> Merged:
    """Return one row a link, with what `images` or else what `fetch` returns shows of its generation.

    `images` is of IMAGES, `links` of LINKS; `fetch` is called with the ids that the images do not show.
    """
    known, places = images, _places(images, links)
    if places.null_count:
        unseen = pc.unique(links["generation_id"].filter(pc.is_null(places))).to_pylist()
        fetched = fetch(unseen)
        shown = images.select(fetched.schema.names)
        known = pa.concat_tables([shown, fetched], promote_options="permissive")
        places = _places(known, links)
    order = in_order(links["timeline_frame"], known["created_at"].take(places), links["id"])
    shown, linked = known.take(places.take(order)), links.take(order)
    columns = [_column(name, shown, linked) for name in GENERATIONS.names]
    drift = _NO_DRIFT if _alike(images, linked) else find_drift(images, links)
    return Merged(pa.Table.from_arrays(columns, schema=GENERATIONS), drift)


def _places(known: pa.Table, links: pa.Table) -> pa.ChunkedArray:
    return pc.index_in(links["generation_id"], value_set=known["generation_id"].combine_chunks())


def _alike(images: pa.Table, links: pa.Table) -> bool:
    """Whether they say the same row by row, as they do but for drift and what shares a frame."""
    return all(images[name].equals(links[name]) for name in ("generation_id", "timeline_frame"))


def _column(name: str, shown: pa.Table, links: pa.Table) -> pa.ChunkedArray:
    if name == "metadata":
        # jsonb writes an object with a brace first; what is no object counts as an empty one.
        is_object = pc.fill_null(pc.starts_with(links[name], "{"), fill_value=False)
        return pc.if_else(is_object, links[name], "{}")
    if name in links.schema.names:
        return links[name]
    column = shown[name]
    return pc.fill_null(column, _UNSEEN[name]) if name in _UNSEEN and column.null_count else column
