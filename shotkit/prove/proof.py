"""What a proof found, as a table, as JSON and in a few lines."""

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from shotkit import __version__
from shotkit.prove.crowd import Crowd
from shotkit.prove.tried import Tried

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Proof"]


@dataclass(frozen=True, repr=False)
class Proof:
    """The writes that were tried one at a time, and what many writers at once left.

    `left_out` are triggers on the shots' tables whose functions are outside of the schema, so that they were
    not there to be tried.
    """

    database: str
    tried: tuple[Tried, ...]
    crowd: Crowd
    left_out: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing drifted or was undone that the triggers could have kept right."""
        return not self.crowd.drifted and all(
            each.past or each.result in {"agrees", "refused"} for each in self.tried
        )

    @property
    def writes(self) -> "pd.DataFrame":
        """The writes that were tried, one a row, with the columns of Tried."""
        import pandas as pd  # noqa: PLC0415  heavy: not before there is something to show
        import pyarrow as pa  # noqa: PLC0415

        types = [(each.name, pa.bool_() if each.name == "past" else pa.string()) for each in fields(Tried)]
        table = pa.Table.from_pylist([asdict(each) for each in self.tried], schema=pa.schema(types))
        frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def to_json(self) -> str:
        """Return the proof as JSON text, schema 1."""
        return json.dumps(
            {
                "schema": 1,
                "shotkit": __version__,
                "database": self.database,
                "holds": self.holds,
                "left_out": self.left_out,
                "writes": [asdict(each) for each in self.tried],
                "crowd": asdict(self.crowd) | {"per_thousand": self.crowd.per_thousand},
            },
            indent=1,
        )

    def __repr__(self) -> str:
        crowd = self.crowd
        drifted = f"{crowd.drifted} of {crowd.generations} generations drifted"
        per_thousand = f"{crowd.per_thousand} per 1,000 writes"
        lines = [f"{crowd.writers} writers at once, {crowd.writes:,} writes: {drifted}, {per_thousand}"]
        if crowd.refused:
            lines.append(f"{crowd.refused} of these writes were refused, the first: {crowd.refusal}")
        lines += [f"not stood up: {name}, its function is outside of the schema" for name in self.left_out]
        return "\n".join([f"<Proof: the schema {'holds' if self.holds else 'does not hold'}>", *lines])
