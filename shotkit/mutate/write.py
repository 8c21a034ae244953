"""Writes a plan with one statement, and believes only what the server says is now stored."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shotkit.errors import WriteNotStoredError
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Transaction
    from shotkit.mutate.links import Added, Plan, Prompts

__all__ = ["prove", "write"]

_SHOWN = 3  # differences that the message repeats


def write(transaction: "Transaction", shot_id: str, plan: "Plan", *, op_id: str, source: str) -> None:
    """Write the plan under `op_id`; raise WriteNotStoredError where something else is stored."""
    if plan.prompts:
        _write_prompts(transaction, shot_id, plan.prompts)
    elif plan.added:
        _add(transaction, shot_id, plan.added, op_id, source)
    else:
        _write_frames(transaction, shot_id, plan, op_id, source)


def _write_frames(transaction: "Transaction", shot_id: str, plan: "Plan", op_id: str, source: str) -> None:
    parameters: dict[str, Any] = {
        "shot_id": shot_id,
        "ids": list(plan.frames),
        "frames": list(plan.frames.values()),
        "source": source,
        "op_id": op_id,
    }
    if plan.removed:
        rows = transaction.rows(statement("mutate/remove_link"), removed=plan.removed, **parameters)
    else:
        rows = transaction.rows(statement("mutate/write_frames"), **parameters)
    gone = [row["id"] for row in rows if row.get("removed")]
    prove({"removed": plan.removed}, {"removed": gone[0] if gone else None})
    kept = [row for row in rows if not row.get("removed")]
    prove(plan.frames, {row["id"]: row["timeline_frame"] for row in kept})
    # Without the op id, a lost answer could not be found out: the metadata must be kept too.
    prove(dict.fromkeys(plan.frames, op_id), {row["id"]: row["op_id"] for row in kept})


def _add(transaction: "Transaction", shot_id: str, added: "Added", op_id: str, source: str) -> None:
    rows = transaction.rows(
        statement("mutate/add_link"),
        shot_id=shot_id,
        generation_id=added.generation_id,
        frame=added.frame,
        source=source,
        op_id=op_id,
    )
    asked = {"id": op_id, "generation_id": added.generation_id, "timeline_frame": added.frame}
    prove(asked, rows[0] if rows else {})


def _write_prompts(transaction: "Transaction", shot_id: str, prompts: "Prompts") -> None:
    asked = {"prompt": prompts.prompt, "negative_prompt": prompts.negative_prompt}
    rows = transaction.rows(statement("mutate/set_prompts"), shot_id=shot_id, id=prompts.id, **asked)
    given = {key: text for key, text in asked.items() if text is not None}
    prove(given, {key: rows[0][key] for key in given} if rows else {})


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
