"""Writes a plan with one statement, and believes only what the server says is now stored."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from shotkit.errors import WriteNotStoredError
from shotkit.model.tables import LINKS
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Transaction
    from shotkit.mutate.links import Added, Plan, Prompts

__all__ = ["prove", "write"]

_SHOWN = 3  # differences that the message repeats
_MOVED = pa.schema([*LINKS, pa.field("op_id", pa.string())])
_LEFT = pa.schema([*_MOVED, pa.field("removed", pa.bool_())])
_PROMPTED = pa.schema([*LINKS, pa.field("prompt", pa.string()), pa.field("negative_prompt", pa.string())])


def write(transaction: "Transaction", shot_id: str, plan: "Plan", *, op_id: str, source: str) -> pa.Table:
    """Write the plan under `op_id`; return a table of LINKS of those links of it that are now stored.

    Raises WriteNotStoredError where something else is stored.
    """
    if plan.prompts:
        stored = _write_prompts(transaction, shot_id, plan.prompts)
    elif plan.added:
        stored = _add(transaction, shot_id, plan.added, op_id, source)
    else:
        stored = _write_frames(transaction, shot_id, plan, op_id, source)
    return stored.select(LINKS.names)


def _write_frames(
    transaction: "Transaction", shot_id: str, plan: "Plan", op_id: str, source: str
) -> pa.Table:
    parameters: dict[str, Any] = {
        "shot_id": shot_id,
        "ids": list(plan.frames),
        "frames": list(plan.frames.values()),
        "source": source,
        "op_id": op_id,
    }
    if plan.removed:
        stored = _remove(transaction, plan.removed, parameters)
    else:
        stored = transaction.table(statement("mutate/write_frames"), _MOVED, **parameters)
    ids = stored["id"].to_pylist()
    prove(plan.frames, dict(zip(ids, stored["timeline_frame"].to_pylist(), strict=True)))
    # Without the op id, a lost answer could not be found out: the metadata must be kept too.
    prove(dict.fromkeys(plan.frames, op_id), dict(zip(ids, stored["op_id"].to_pylist(), strict=True)))
    return stored


def _remove(transaction: "Transaction", removed: str, parameters: dict[str, Any]) -> pa.Table:
    rows = transaction.table(statement("mutate/remove_link"), _LEFT, removed=removed, **parameters)
    gone = rows.filter(rows["removed"])["id"].to_pylist()
    prove({"removed": [removed]}, {"removed": gone})
    return rows.filter(pa.compute.invert(rows["removed"]))


def _add(transaction: "Transaction", shot_id: str, added: "Added", op_id: str, source: str) -> pa.Table:
    stored = transaction.table(
        statement("mutate/add_link"),
        LINKS,
        shot_id=shot_id,
        generation_id=added.generation_id,
        frame=added.frame,
        source=source,
        op_id=op_id,
    )
    _prove_one(stored, id=op_id, generation_id=added.generation_id, timeline_frame=added.frame)
    return stored


def _write_prompts(transaction: "Transaction", shot_id: str, prompts: "Prompts") -> pa.Table:
    asked = {"prompt": prompts.prompt, "negative_prompt": prompts.negative_prompt}
    stored = transaction.table(
        statement("mutate/set_prompts"), _PROMPTED, shot_id=shot_id, id=prompts.id, **asked
    )
    _prove_one(stored, id=prompts.id, **{key: text for key, text in asked.items() if text is not None})
    return stored


def _prove_one(stored: pa.Table, **asked: Any) -> None:
    rows = stored.select(list(asked)).to_pylist()
    prove(asked, rows[0] if rows else {})


def prove(asked: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    """Raise WriteNotStoredError where `stored` is not what was asked."""
    if asked == stored:
        return
    differing = [
        key for key in asked.keys() | stored.keys() if asked.get(key) != stored.get(key) or key not in stored
    ]
    shown = ", ".join(
        f"{key}: {asked.get(key)!r} became {stored.get(key)!r}" for key in sorted(differing)[:_SHOWN]
    )
    raise WriteNotStoredError(
        f"The database kept {len(differing)} of {len(asked)} values otherwise than asked ({shown}); look for "
        "a trigger that changes them. The change was rolled back.",
        asked={key: asked[key] for key in differing if key in asked},
        stored={key: stored[key] for key in differing if key in stored},
    )
