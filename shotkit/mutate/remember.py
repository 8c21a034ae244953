"""What a change must remember to be taken back, as a value that JSON can hold: pure, but for one read.

Rows as they stood are kept as the server's own JSON text, so that no number loses a digit on the way.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shotkit.mutate.locks import array
from shotkit.sql import statement

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Answer, Transaction
    from shotkit.mutate.links import Links, Plan

__all__ = [
    "ask_whole_links",
    "at_path",
    "of_links",
    "of_new_shot",
    "of_upload",
    "of_variant",
    "own",
    "whole_links",
    "whole_shot",
    "whole_upload",
]

#: Where the prompts of a link may stand in its metadata.
_PROMPTS = (
    ("segmentOverrides", "prompt"),
    ("segmentOverrides", "negativePrompt"),
    ("pair_prompt",),
    ("pair_negative_prompt",),
)
_OURS = ("user_positioned", "drag_source", "drag_session_id")  # which every move writes


def ask_whole_links(transaction: "Transaction", plan: "Plan") -> "Answer | None":
    """Ask for the whole rows of those links that the plan deletes or whose prompts it writes."""
    if not (ids := plan.forgotten):
        return None
    return transaction.run(statement("mutate/whole_links"), ids=array(ids))


def whole_links(answer: "Answer | None") -> dict[str, dict[str, Any]]:
    """Return of each link asked for its `row` as JSON and the `pairs` that begin at it."""
    rows = answer.rows() if answer else []
    return {row["id"]: {"row": row["row"], "pairs": row["pairs"]} for row in rows}


def of_links(  # noqa: PLR0913, PLR0917  all that is known of a change
    shot_id: str,
    links: "Links",
    plan: "Plan",
    rows: Mapping[str, Any],
    stored: "pa.Table",
    after: Mapping[str, int | None],
) -> dict[str, Any]:
    """Return what takes a plan back: all frames after it, those before that differ, rows that went or came.

    `rows` are from `whole_links`, `stored` the links that were written.
    """
    remembered: dict[str, Any] = {
        "of": "shot",
        "shot_id": shot_id,
        "after": dict(after),
        "frames": {id_: links[id_].frame for id_ in plan.frames},
    }
    if plan.removed:
        remembered["removed"] = rows[plan.removed]
    if plan.added:
        [new] = after.keys() - links.keys()
        written = _row(stored, new)
        remembered["added"] = {name: written[name] for name in ("id", "generation_id", "metadata")}
    if prompted := plan.prompted:
        before = json.loads(rows[prompted]["row"])["metadata"]
        remembered["prompts"] = _differing(prompted, before, json.loads(_row(stored, prompted)["metadata"]))
    return remembered


def of_variant(
    generation_id: str, variant_id: str, before: "pa.Table", after: "pa.Table", row: str | None
) -> dict[str, Any]:
    """Return what takes a change of one variant back; `row` is the whole one if it came or went."""
    was, now = _by_id(before).get(variant_id), _by_id(after).get(variant_id)
    flags = [{id_: one["is_primary"] for id_, one in _by_id(rows).items()} for rows in (before, after)]
    return {
        "of": "variants",
        "generation_id": generation_id,
        "id": variant_id,
        "before": flags[0],
        "after": flags[1],
        "was": was and _told(was),
        "is": now and _told(now),
        "row": row,
    }


def whole_shot(transaction: "Transaction", shot_id: str) -> dict[str, str] | None:
    """Return a shot's row and its links' rows, each as JSON; None where it is not."""
    rows = transaction.rows(statement("mutate/whole_shot"), shot_id=shot_id)
    return rows[0] if rows else None


def of_new_shot(shot_id: str, project_id: str, now: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what takes back that a shot was made."""
    return {"of": "new shot", "shot_id": shot_id, "project_id": project_id, "was": None, "is": now}


def whole_upload(transaction: "Transaction", generation_ids: Sequence[str]) -> dict[str, Any]:
    """Return generations, their variants and their links, each as JSON, and how many others rest on them."""
    [found] = transaction.rows(statement("mutate/whole_upload"), generation_ids=array(generation_ids))
    return found


def of_upload(
    shot_id: str, generation_ids: list[str], after: Mapping[str, int | None], now: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what takes back that files were uploaded into a shot."""
    made = {"generation_ids": generation_ids, "was": None, "is": dict(now)}
    return {"of": "upload", "shot_id": shot_id, "after": dict(after), **made}


def own(metadata: object) -> dict[str, Any]:
    """Return metadata without what a move writes into it."""
    known = metadata if isinstance(metadata, dict) else {}
    return {key: value for key, value in known.items() if key not in _OURS}


def at_path(metadata: object, path: Sequence[str]) -> str | None:
    """Return the value at `path` as JSON, None where there is none."""
    for key in path:
        if not isinstance(metadata, dict) or key not in metadata:
            return None
        metadata = metadata[key]
    return json.dumps(metadata)


def _differing(id_: str, before: object, after: object) -> dict[str, Any]:
    places = [(path, at_path(before, path), at_path(after, path)) for path in _PROMPTS]
    return {"id": id_, "places": [place for place in places if place[1] != place[2]]}


def _row(rows: "pa.Table", id_: str) -> dict[str, Any]:
    found: dict[str, Any] = rows.slice(rows["id"].to_pylist().index(id_), 1).to_pylist()[0]
    return found


def _by_id(variants: "pa.Table") -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in variants.to_pylist()}


def _told(variant: Mapping[str, Any]) -> dict[str, Any]:
    viewed = variant["viewed_at"]
    return {"starred": variant["starred"], "viewed_at": viewed and viewed.isoformat()}
