"""The certificate of a repair: what was found, what was written, what was found after, and the proof."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from shotkit import __version__

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.audit.repair.batches import Batch
    from shotkit.audit.repair.cells import Cell, Refusal
    from shotkit.audit.repair.proof import Proof

__all__ = ["Certificate"]

_FOUND = ["audit", "verdict", "key", "stored", "expected"]


@dataclass(frozen=True, repr=False)
class Certificate:
    """What a repair did, batch by batch; `docs/repairs.md` says what it proves.

    `found` and `after` are findings of the repaired audits, before and in an audit of its own behind the last
    commit; None for an undo, which knows of none.
    """

    database: str
    found: tuple[dict[str, str | None], ...] | None
    after: tuple[dict[str, str | None], ...] | None
    written: "tuple[Cell, ...]"
    refused: "tuple[Refusal, ...]"
    proofs: "tuple[Proof, ...]"

    @classmethod
    def of(
        cls,
        database: str,
        batches: "list[Batch]",
        found: "pd.DataFrame | None",
        after: "pd.DataFrame | None",
    ) -> "Certificate":
        """Make one of the batches, and of the findings before and after."""
        return cls(
            database,
            _findings(found),
            _findings(after),
            tuple(cell for batch in batches for cell in batch.cells),
            tuple(refusal for batch in batches for refusal in batch.refused),
            tuple(batch.proof for batch in batches if batch.proof),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, without secrets."""
        return {
            "schema": 1,
            "shotkit": __version__,
            "database": self.database,
            "found": self.found,
            "written": [cell.shown() for cell in self.written],
            "refused": [asdict(refusal) for refusal in self.refused],
            "found_after": self.after,
            "batches": [asdict(proof) for proof in self.proofs],
        }

    def to_json(self) -> str:
        """Return it as JSON text, schema 1."""
        return json.dumps(self.as_dict(), indent=1)

    def __repr__(self) -> str:
        rows = len({cell.place[:2] for cell in self.written})
        known = self.found is not None and self.after is not None
        found = f"{len(self.found or ())} findings before, {len(self.after or ())} after; " if known else ""
        said = f"{found}{rows} rows written, batches: {len(self.proofs)}"
        versions = sum((Counter(proof.versions) for proof in self.proofs), Counter[str]())
        return f"<Certificate: {said}; row versions by table: {dict(sorted(versions.items()))}>"


def _findings(found: "pd.DataFrame | None") -> tuple[dict[str, str | None], ...] | None:
    import pyarrow as pa  # noqa: PLC0415  heavy: not before there is something to show

    if found is None:
        return None
    return tuple(pa.Table.from_pandas(found[_FOUND], preserve_index=False).to_pylist())
