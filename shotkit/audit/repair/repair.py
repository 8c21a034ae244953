"""What a repair writes or wrote, what it refused, and its certificate."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from shotkit.audit.repair.batches import Batch
    from shotkit.audit.repair.cells import Cell, Refusal
    from shotkit.audit.repair.certificate import Certificate

__all__ = ["CHANGES", "REFUSED", "Repair"]

CHANGES = ("audit", "table", "id", "generation_id", "column", "stored", "expected")
REFUSED = ("audit", "key", "generation_id", "reason")


@dataclass(frozen=True, eq=False, repr=False)
class Repair:
    """What a repair writes, or wrote; both frames are all `string[pyarrow]`.

    `changes` has a row for each column of a row, with its text `stored` before and `expected` after, of
    shot_data the whole document; addresses are without their query, params only a digest. `refused` has the
    findings that are not repaired, and why. `certificate` is None where nothing was asked to be written.
    """

    changes: "pd.DataFrame"
    refused: "pd.DataFrame"
    certificate: "Certificate | None"

    @classmethod
    def of(
        cls, cells: "Iterable[Cell]", refused: "Iterable[Refusal]", certificate: "Certificate | None"
    ) -> "Repair":
        """Make one of what is or was written and refused."""
        changes = _frame(CHANGES, [cell.shown() for cell in cells])
        return cls(changes, _frame(REFUSED, [asdict(refusal) for refusal in refused]), certificate)

    @classmethod
    def written(
        cls, batches: "list[Batch]", beyond: "Iterable[Refusal]", certificate: "Certificate"
    ) -> "Repair":
        """Make one of the batches, and of what has no repair."""
        cells = [cell for batch in batches for cell in batch.cells]
        refused = [refusal for batch in batches for refusal in batch.refused]
        return cls.of(cells, [*refused, *beyond], certificate)

    @property
    def applied(self) -> bool:
        """Whether it was written."""
        return self.certificate is not None

    def to_json(self) -> str:
        """Return it as JSON text, schema 1."""
        return json.dumps(
            {
                "schema": 1,
                "applied": self.applied,
                "changes": _records(self.changes),
                "refused": _records(self.refused),
                "certificate": None if self.certificate is None else self.certificate.as_dict(),
            },
            indent=1,
        )

    def __repr__(self) -> str:
        count = self.changes["generation_id"].nunique()
        refused = f"; {len(self.refused)} findings refused" if len(self.refused) else ""
        return f"<Repair of {count} generations, {'written' if self.applied else 'not written'}{refused}>"


def _frame(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  heavy: not before there is something to show
    import pyarrow as pa  # noqa: PLC0415

    schema = pa.schema([(name, pa.string()) for name in columns])
    frame: pd.DataFrame = pa.Table.from_pylist(rows, schema=schema).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    import pyarrow as pa  # noqa: PLC0415  heavy: not before there is something to write

    records: list[dict[str, Any]] = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    return records
