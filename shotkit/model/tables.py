"""The columns of every frame handed out, stated once: order, Arrow types, which may be missing."""

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.internals import create_dataframe_from_blocks  # type: ignore[import-not-found]  # no stub

__all__ = [
    "ALL_LINKS",
    "DRIFT",
    "GALLERY",
    "GALLERY_WITH_PROMPTS",
    "GENERATION",
    "GENERATIONS",
    "IMAGES",
    "LEDGER",
    "LINEAGE",
    "LINKS",
    "PAIR_PROMPTS",
    "PROJECTS",
    "SHOTS",
    "SHOWN",
    "TASKS",
    "TIMELINE",
    "VARIANTS",
    "frame",
]


def _text(name: str) -> pa.Field:
    return pa.field(name, pa.string())


def _id(name: str) -> pa.Field:
    return pa.field(name, pa.string(), nullable=False)


def _number(name: str, *, nullable: bool = True) -> pa.Field:
    return pa.field(name, pa.int64(), nullable=nullable)


def _flag(name: str) -> pa.Field:
    return pa.field(name, pa.bool_(), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> pa.Field:
    return pa.field(name, pa.timestamp("us", tz="UTC"), nullable=nullable)


# What is shown of a generation; nullable too because a link may lead to one that the user may not see.
SHOWN = (
    _text("location"),
    _text("thumbnail_url"),
    pa.field("type", pa.string(), nullable=False),
    _text("name"),
    _flag("starred"),
    _moment("created_at"),
    _text("based_on"),
    _text("parent_generation_id"),
    _flag("is_child"),
    _number("child_order"),
    _text("primary_variant_id"),
)
_IDENTITIES = (
    pa.field("url_identity", pa.string(), nullable=False),
    pa.field("thumb_url_identity", pa.string(), nullable=False),
    _flag("is_video"),
)
_METADATA = pa.field("metadata", pa.string(), nullable=False)  # a JSON object as text
GENERATION = _id("generation_id")
_FRAME = _number("timeline_frame")

#: Phase 1: one provisional row a frame of shot_data.
IMAGES = pa.schema([GENERATION, _FRAME, *SHOWN, *_IDENTITIES])
#: Phase 2: the links as stored; metadata is JSON text, missing where the column is NULL.
LINKS = pa.schema([_id("id"), GENERATION, _FRAME, _text("metadata"), _moment("updated_at", nullable=False)])
#: The links of many shots.
ALL_LINKS = LINKS.insert(1, _id("shot_id"))
#: Both phases: one row a link.
GENERATIONS = pa.schema(
    [_id("id"), GENERATION, _FRAME, *SHOWN, *_IDENTITIES, _METADATA, _moment("updated_at", nullable=False)]
)
#: The rows of GENERATIONS that are on the timeline: the frame is never missing.
TIMELINE = GENERATIONS.set(2, _number("timeline_frame", nullable=False))
#: Where shot_data (stored) disagrees with the links (expected); `id` is the link's.
DRIFT = pa.schema([_id("verdict"), GENERATION, _text("id"), _number("stored"), _number("expected")])
#: The prompts between two neighbours of the timeline: `pair` is the place, `id` the link, of the first.
PAIR_PROMPTS = pa.schema([_number("pair", nullable=False), _id("id"), _id("prompt"), _id("negative_prompt")])
GALLERY = pa.schema(
    [
        GENERATION,
        _id("project_id"),
        *SHOWN,
        *_IDENTITIES,
        _number("derived_count", nullable=False),
        _number("unviewed_count", nullable=False),
    ]
)
GALLERY_WITH_PROMPTS = pa.schema([*GALLERY, _text("prompt"), _number("seed")])
#: A generation among those it was made from and those made from it; `relation` is to `of_id`.
LINEAGE = pa.schema(
    [_number("depth", nullable=False), _id("relation"), _text("of_id"), GENERATION, *SHOWN, *_IDENTITIES]
)
PROJECTS = pa.schema(
    [_id("id"), _id("name"), _id("user_id"), _text("aspect_ratio"), _moment("created_at"), _number("shots")]
)
SHOTS = pa.schema(
    [
        _id("id"),
        _id("name"),
        _id("project_id"),
        _text("project"),
        _number("position", nullable=False),
        _text("aspect_ratio"),
        _moment("created_at"),
        _moment("updated_at"),
        _number("links", nullable=False),
        _number("positioned", nullable=False),
    ]
)
VARIANTS = pa.schema(
    [
        _id("id"),
        GENERATION,
        _id("location"),
        _text("thumbnail_url"),
        _flag("is_primary"),
        _text("variant_type"),
        _text("name"),
        _moment("created_at", nullable=False),
        _text("project_id"),
        _moment("viewed_at"),
        _flag("starred"),
        *_IDENTITIES,
    ]
)
TASKS = pa.schema(
    [
        _id("id"),
        _id("project_id"),
        _id("task_type"),
        _id("status"),
        pa.field("dependant_on", pa.list_(pa.string())),
        _text("output_location"),
        _moment("created_at"),
        _moment("updated_at"),
        _moment("generation_started_at"),
        _moment("generation_processed_at"),
        _text("worker_id"),
        _number("attempts"),
        _text("error_message"),
    ]
)
LEDGER = pa.schema(
    [
        _id("id"),
        _id("user_id"),
        _text("task_id"),
        pa.field("amount", pa.decimal128(10, 3), nullable=False),
        _id("type"),
        _text("metadata"),
        _moment("created_at"),
    ]
)


def frame(table: pa.Table) -> pd.DataFrame:
    """Return the table as a frame whose columns keep their Arrow types."""
    # As table.to_pandas(types_mapper=pd.ArrowDtype) does, which takes five times as long for a shot.
    blocks = [
        (pd.arrays.ArrowExtensionArray(column), np.array([place]))
        for place, column in enumerate(table.columns)
    ]
    names = _names(tuple(table.schema.names))
    rows: pd.DataFrame = create_dataframe_from_blocks(blocks, pd.RangeIndex(len(table)), names)
    return rows


@cache
def _names(names: tuple[str, ...]) -> "pd.Index[str]":
    return pd.Index(names, dtype="str")
