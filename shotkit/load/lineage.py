"""One generation closely: what is shown of it, its prompt and seed, what it came from and what came of it."""

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from shotkit.load.gallery import load_prompts
from shotkit.load.lacking import telling
from shotkit.load.phases import load_shown
from shotkit.load.shown import with_identities
from shotkit.model.tables import LINEAGE
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.load.phases import Reader

__all__ = ["load_details", "load_lineage"]

_STORED = pa.schema(list(LINEAGE)[:-3])


@telling
def load_lineage(reader: "Reader", generation_id: str) -> pa.Table:
    """Return a table of LINEAGE, by depth: at most 50 steps either way, each generation at its nearest."""
    return with_identities(reader.table(statement("load/lineage"), _STORED, generation_id=generation_id))


@telling
def load_details(reader: "Reader", generation_id: str) -> dict[str, Any] | None:
    """Return what is shown of a generation with `prompt` and `seed`; None where there is none."""
    shown = load_shown(reader, [generation_id]).to_pylist()
    prompts = load_prompts(reader, [generation_id]).to_pylist() if shown else []
    return {**shown[0], **prompts[0]} if shown and prompts else None
