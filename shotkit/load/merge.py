"""Joins the two phases: the links are the truth, what shot_data says otherwise is drift."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.load.drift import find_drift
from shotkit.load.phases import in_order
from shotkit.model.tables import GENERATIONS

__all__ = ["Merged", "merge", "unseen"]

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


def unseen(images: pa.Table, links: pa.Table) -> list[str]:
    """Return the ids of the generations that the links name and phase 1 did not show."""
    shown = pc.is_in(links["generation_id"], value_set=images["generation_id"].combine_chunks())
    return list(pc.unique(links.filter(pc.invert(shown))["generation_id"]).to_pylist())


def merge(images: pa.Table, links: pa.Table, fetched: pa.Table) -> Merged:
    """Return one row a link, with what `images` or else `fetched` show of its generation.

    `images` is of IMAGES, `links` of LINKS, `fetched` what load_shown returned for what was unseen.
    """
    known = images
    if len(fetched):
        known = pa.concat_tables([images.select(fetched.schema.names), fetched], promote_options="permissive")
    places = pc.index_in(links["generation_id"], value_set=known["generation_id"].combine_chunks())
    order = in_order(links["timeline_frame"], known["created_at"].take(places), links["id"])
    shown, linked = known.take(places.take(order)), links.take(order)
    columns = [_column(name, shown, linked) for name in GENERATIONS.names]
    return Merged(pa.Table.from_arrays(columns, schema=GENERATIONS), find_drift(images, links))


def _column(name: str, shown: pa.Table, links: pa.Table) -> pa.ChunkedArray:
    if name == "metadata":
        # jsonb writes an object with a brace first; what is no object counts as an empty one.
        is_object = pc.fill_null(pc.starts_with(links[name], "{"), fill_value=False)
        return pc.if_else(is_object, links[name], "{}")
    if name in links.schema.names:
        return links[name]
    column = shown[name]
    return pc.fill_null(column, _UNSEEN[name]) if name in _UNSEEN and column.null_count else column
