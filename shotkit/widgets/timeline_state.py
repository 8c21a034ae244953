"""What a page shows of a shot's timeline, and what of it differs from what it showed before: no widget."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.load import on_timeline, parsed, unpositioned
from shotkit.model import pair_prompts
from shotkit.model.tables import IMAGES
from shotkit.widgets.messages import records, wire

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "Shown", "difference", "frames_of", "provisional", "version_of"]

Frames = Mapping[str, int | None]
"""The frame of every link of a shot, None off the timeline."""

_TOLD = ["generation_id", "timeline_frame", "name", "starred", "created_at"]
_PICTURED = ["location", "thumbnail_url"]
_ROWS = "rows"
_NONE: Mapping[str, str] = {"prompt": "", "negative_prompt": ""}


def provisional(images: "pd.DataFrame", key: Callable[..., str]) -> list[dict[str, Any]]:
    """Return the rows of phase 1; they have no links yet, so their ids begin with a ~."""
    table = pa.Table.from_pandas(images, schema=IMAGES, preserve_index=False)
    rows = _records(pa.concat_tables([on_timeline(table), unpositioned(table)]), key)
    times: Counter[str] = Counter()
    for row in rows:
        times[row["generation_id"]] += 1
        row["id"] = f"~{row['generation_id']}~{times[row['generation_id']]}"
    return rows


class Shown:
    """Makes the rows of both phases for a page, each a link; what is as it was is not made anew."""

    def __init__(self, key: Callable[..., str]) -> None:
        self._key = key
        self._table: pa.Table | None = None
        self._made: dict[str, dict[str, Any]] = {}

    def links(self, generations: pa.Table) -> list[dict[str, Any]]:
        """Return the rows of a table of GENERATIONS; the first of a pair has the pair's prompts."""
        placed, off = on_timeline(generations), unpositioned(generations)
        table = pa.concat_tables([placed, off]).select(["id", *_TOLD, *_PICTURED, "metadata"])
        new = table if self._table is None else table.filter(pc.invert(_is_as_before(table, self._table)))
        pairs = zip(_records(new, self._key), _prompts(new["metadata"].to_pylist()), strict=True)
        made = self._made | {row["id"]: {**row, **pair} for row, pair in pairs}
        rows = [made[id_] for id_ in table["id"].to_pylist()]
        self._table, self._made = table, {row["id"]: row for row in rows}
        if len(placed):  # the last begins no pair
            rows[len(placed) - 1] = {**rows[len(placed) - 1], **_NONE}
        return rows


def frames_of(rows: pa.Table) -> dict[str, int | None]:
    """Return the frame of every link, from a table with id and timeline_frame."""
    return dict(zip(rows["id"].to_pylist(), rows["timeline_frame"].to_pylist(), strict=True))


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
        id_: fields
        for id_, row in after.items()
        if id_ in before and row is not before[id_] and (fields := _changed(before[id_], row))
    }
    parts = {
        "gone": [id_ for id_ in before if id_ not in after],
        "added": [row for id_, row in after.items() if id_ not in before],
        "changed": changed,
    }
    return told | {name: part for name, part in parts.items() if part}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _is_as_before(table: pa.Table, before: pa.Table) -> pa.ChunkedArray:
    """Return for each row of `table` whether `before` has it with the same values."""
    there = before.take(pc.index_in(table["id"], value_set=before["id"].combine_chunks()))
    alike = pc.is_valid(there["id"])
    for name in table.schema.names:
        both_null = pc.and_(pc.is_null(table[name]), pc.is_null(there[name]))
        same = pc.fill_null(pc.equal(table[name], there[name]), fill_value=False)
        alike = pc.and_(alike, pc.or_(both_null, same))
    return alike


def _records(shown: pa.Table, key: Callable[..., str]) -> list[dict[str, Any]]:
    ids = ["id"] if "id" in shown.schema.names else []
    pictured = zip(*(shown[name].to_pylist() for name in _PICTURED), strict=True)
    return [
        {**row, "picture": key(location, thumbnail)}
        for row, (location, thumbnail) in zip(records(shown, [*ids, *_TOLD]), pictured, strict=True)
    ]


def _prompts(metadata: list[str]) -> Iterable[Mapping[str, str]]:
    """Return the prompts of each row as if a next one followed it."""
    rows = [{"timeline_frame": place, "metadata": each} for place, each in enumerate(parsed(metadata))]
    pairs = pair_prompts([*rows, {"timeline_frame": len(rows), "metadata": {}}])
    return [wire(pairs.get(str(place), _NONE)) for place in range(len(rows))]
