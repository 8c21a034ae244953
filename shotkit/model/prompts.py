"""The prompts of the pairs of neighbours on a timeline."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from shotkit.model.frames import is_position

__all__ = ["PairPrompt", "pair_prompts"]


class PairPrompt(TypedDict):
    """The prompts between one image and the next."""

    prompt: str
    negative_prompt: str


def pair_prompts(rows: Iterable[Mapping[str, Any]]) -> dict[str, PairPrompt]:
    """Return the prompts of the pairs that have any, keyed by the index of the pair's first row as text.

    `rows` have `timeline_frame` and `metadata` (an object); those off the timeline are left out.
    """
    positioned = [row for row in rows if is_position(row["timeline_frame"])]
    ordered = sorted(positioned, key=lambda row: int(row["timeline_frame"]))
    pairs = enumerate(_prompts(row["metadata"]) for row in ordered[:-1])
    return {str(index): pair for index, pair in pairs if any(pair.values())}


def _prompts(metadata: object) -> PairPrompt:
    older = metadata if isinstance(metadata, Mapping) else {}
    newer = older.get("segmentOverrides")
    newer = newer if isinstance(newer, Mapping) else {}
    return {
        "prompt": _first_text(newer.get("prompt"), older.get("pair_prompt")),
        "negative_prompt": _first_text(newer.get("negativePrompt"), older.get("pair_negative_prompt")),
    }


def _first_text(*values: object) -> str:
    # An empty newer prompt was cleared by the user: it hides the older one.
    return next((value for value in values if isinstance(value, str)), "")
