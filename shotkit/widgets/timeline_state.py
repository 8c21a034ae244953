"""What a page shows of a shot's timeline, and what of it differs from what it showed before: no widget."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from shotkit.load import on_timeline, parsed, unpositioned
from shotkit.model import pair_prompts
from shotkit.model.tables import GENERATIONS, IMAGES
from shotkit.widgets.messages import records, wire

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "difference", "frames_of", "links_shown", "provisional", "version_of"]

Frames = Mapping[str, int | None]
"""The frame of every link of a shot, None off the timeline."""

_TOLD = ["generation_id", "timeline_frame", "name", "starred", "created_at"]
_PICTURED = ["location", "thumbnail_url"]
_ROWS = "rows"


def provisional(images: "pd.DataFrame", key: Callable[..., str]) -> list[dict[str, Any]]:
    """Return the rows of phase 1; they have no links yet, so their ids begin with a ~."""
    table = pa.Table.from_pandas(images, schema=IMAGES, preserve_index=False)
    rows = _records(table, key)
    times: Counter[str] = Counter()
    for row in rows:
        times[row["generation_id"]] += 1
        row["id"] = f"~{row['generation_id']}~{times[row['generation_id']]}"
    return rows


def links_shown(generations: "pd.DataFrame", key: Callable[..., str]) -> list[dict[str, Any]]:
    """Return the rows of both phases, each a link; the first of a pair has the pair's prompts."""
    table = pa.Table.from_pandas(generations, schema=GENERATIONS, preserve_index=False)
    return [row | pair for row, pair in zip(_records(table, key), _prompts(table), strict=True)]


def frames_of(rows: "pd.DataFrame") -> dict[str, int | None]:
    """Return the frame of every link, from a frame with id and timeline_frame."""
    return {row["id"]: row["timeline_frame"] for row in records(rows, ["id", "timeline_frame"])}


def version_of(frames: Frames) -> str:
    """Return the name of an order: other links or other frames are another name."""
    text = "\n".join(f"{id_} {frame}" for id_, frame in sorted(frames.items()))
    return sha256(text.encode()).hexdigest()[:16]


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes the state `new` of `old`: rows gone, added, fields that changed; {} for nothing."""
    told = {name: value for name, value in new.items() if name != _ROWS and old.get(name) != value}
    before = {row["id"]: row for row in old[_ROWS]}
    after = {row["id"]: row for row in new[_ROWS]}
    changed = {
        id_: fields for id_, row in after.items() if id_ in before and (fields := _changed(before[id_], row))
    }
    parts = {
        "gone": [id_ for id_ in before if id_ not in after],
        "added": [row for id_, row in after.items() if id_ not in before],
        "changed": changed,
    }
    return told | {name: part for name, part in parts.items() if part}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _records(table: pa.Table, key: Callable[..., str]) -> list[dict[str, Any]]:
    shown = pa.concat_tables([on_timeline(table), unpositioned(table)])
    ids = ["id"] if "id" in shown.schema.names else []
    pictured = zip(*(shown[name].to_pylist() for name in _PICTURED), strict=True)
    return [
        {**row, "picture": key(location, thumbnail)}
        for row, (location, thumbnail) in zip(records(shown, [*ids, *_TOLD]), pictured, strict=True)
    ]


def _prompts(table: pa.Table) -> Iterable[dict[str, Any]]:
    placed = on_timeline(table)
    metadata = parsed(placed["metadata"].to_pylist())
    frames = placed["timeline_frame"].to_pylist()
    pairs = pair_prompts(
        {"timeline_frame": frame, "metadata": parsed_}
        for frame, parsed_ in zip(frames, metadata, strict=True)
    )
    for index in range(len(placed) + len(unpositioned(table))):
        pair: Mapping[str, Any] = pairs.get(str(index), {})
        yield {
            "prompt": wire(pair.get("prompt", "")),
            "negative_prompt": wire(pair.get("negative_prompt", "")),
        }
