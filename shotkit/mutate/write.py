"""Writes a plan with one statement, and believes only what the server says is now stored."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.errors import WriteNotStoredError
from shotkit.model.tables import LINKS
from shotkit.mutate.locks import array
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Answer, Transaction
    from shotkit.mutate.links import Added, Places, Plan, Prompts

__all__ = ["prove", "send", "write"]

_SHOWN = 3  # differences that the message repeats
_FRAMES = pa.schema([*LINKS, pa.field("op_id", pa.string()), pa.field("removed", pa.bool_())])
_KEPT = pa.schema([*LINKS, pa.field("kept", pa.bool_())])
_BACK = pa.schema(
    [*LINKS, pa.field("op_id", pa.string()), pa.field("is_back", pa.bool_()), pa.field("kept", pa.bool_())]
)
_PROMPTED = pa.schema([*LINKS, pa.field("prompt", pa.string()), pa.field("negative_prompt", pa.string())])


def write(transaction: "Transaction", shot_id: str, plan: "Plan", *, op_id: str, source: str) -> pa.Table:
    """Write the plan under `op_id`; return a table of LINKS of those links of it that are now stored.

    Raises WriteNotStoredError where something else is stored.
    """
    return send(transaction, shot_id, plan, op_id=op_id, source=source)()


def send(
    transaction: "Transaction", shot_id: str, plan: "Plan", *, op_id: str, source: str
) -> Callable[[], pa.Table]:
    """Send in a pipeline what `write` writes; what comes back proves the answer after it, as `write` does."""
    if plan.places:
        return _put_back_prompts(transaction, shot_id, plan.places)
    if plan.prompts:
        return _write_prompts(transaction, shot_id, plan.prompts)
    if plan.added and plan.added.row:
        return _put_back_link(transaction, shot_id, plan, op_id, source)
    if plan.added:
        return _add(transaction, shot_id, plan.added, op_id, source)
    return _write_frames(transaction, shot_id, plan, op_id, source)


def _frames_asked(shot_id: str, plan: "Plan", op_id: str, source: str) -> dict[str, Any]:
    return {
        "shot_id": shot_id,
        "ids": array(plan.frames),
        "frames": array(plan.frames.values()),
        "source": source,
        "op_id": op_id,
    }


def _write_frames(
    transaction: "Transaction", shot_id: str, plan: "Plan", op_id: str, source: str
) -> Callable[[], pa.Table]:
    parameters = _frames_asked(shot_id, plan, op_id, source)
    if plan.removed:
        answer = transaction.run(statement("mutate/remove_link"), removed=plan.removed, **parameters)
    else:
        answer = transaction.run(statement("mutate/write_frames"), **parameters)
    return partial(_prove_frames, answer, plan, op_id)


def _prove_frames(answer: "Answer", plan: "Plan", op_id: str) -> pa.Table:
    rows = answer.table(_FRAMES)
    removed = rows["removed"].to_pylist()
    if any(removed) or plan.removed:
        gone = rows.filter(rows["removed"])["id"].to_pylist()
        prove({"removed": [plan.removed] if plan.removed else []}, {"removed": gone})
        rows = rows.filter(pc.invert(rows["removed"]))
    ids = rows["id"].to_pylist()
    prove(plan.frames, dict(zip(ids, rows["timeline_frame"].to_pylist(), strict=True)))
    # Without the op id, a lost answer could not be found out: the metadata must be kept too.
    prove(dict.fromkeys(plan.frames, op_id), dict(zip(ids, rows["op_id"].to_pylist(), strict=True)))
    return _links(rows)


def _add(
    transaction: "Transaction", shot_id: str, added: "Added", op_id: str, source: str
) -> Callable[[], pa.Table]:
    asked = {"generation_id": added.generation_id, "frame": added.frame, "op_id": op_id}
    answer = transaction.run(statement("mutate/add_link"), shot_id=shot_id, source=source, **asked)
    wanted = {"id": op_id, "generation_id": added.generation_id, "timeline_frame": added.frame}
    return partial(_prove_one, answer, LINKS, wanted)


def _write_prompts(transaction: "Transaction", shot_id: str, prompts: "Prompts") -> Callable[[], pa.Table]:
    asked = {"prompt": prompts.prompt, "negative_prompt": prompts.negative_prompt}
    answer = transaction.run(statement("mutate/set_prompts"), shot_id=shot_id, id=prompts.id, **asked)
    wanted = {"id": prompts.id, **{key: text for key, text in asked.items() if text is not None}}
    return partial(_prove_one, answer, _PROMPTED, wanted)


def _put_back_link(
    transaction: "Transaction", shot_id: str, plan: "Plan", op_id: str, source: str
) -> Callable[[], pa.Table]:
    added, asked = cast("Added", plan.added), _frames_asked(shot_id, plan, op_id, source)
    answer = transaction.run(statement("mutate/put_back_link"), row=added.row, **asked)
    if added.pairs:
        pairs = array(added.pairs)
        transaction.run(statement("mutate/pair_again"), id=added.id, generation_ids=pairs)
    return partial(_prove_back, answer, plan, op_id)


def _prove_back(answer: "Answer", plan: "Plan", op_id: str) -> pa.Table:
    rows = answer.table(_BACK)
    found = {row["id"]: row for row in rows.to_pylist()}
    back = {id_: row["kept"] for id_, row in found.items() if row["is_back"]}
    prove({plan.new(op_id): True}, back)
    asked = {id_: (frame, op_id) for id_, frame in plan.frames.items()}
    prove(
        asked, {id_: (row["timeline_frame"], row["op_id"]) for id_, row in found.items() if id_ not in back}
    )
    return _links(rows)


def _put_back_prompts(transaction: "Transaction", shot_id: str, places: "Places") -> Callable[[], pa.Table]:
    answer = transaction.run(
        statement("mutate/put_back_prompts"),
        shot_id=shot_id,
        id=places.id,
        paths=[f"{{{','.join(path)}}}" for path, _ in places.values],
        values=[value for _, value in places.values],
    )
    return partial(_prove_one, answer, _KEPT, {"id": places.id, "kept": True})


def _prove_one(answer: "Answer", schema: pa.Schema, asked: dict[str, Any]) -> pa.Table:
    stored = answer.table(schema)
    rows = stored.select(list(asked)).to_pylist()
    prove(asked, rows[0] if rows else {})
    return _links(stored)


def _links(stored: pa.Table) -> pa.Table:
    return stored.select(LINKS.names)


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
