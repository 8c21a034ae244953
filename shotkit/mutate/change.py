"""What a change did, or would do, to a shot."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from shotkit.model.tables import LINKS, frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Change", "placed"]

_PLACED = pa.schema([LINKS.field("id"), LINKS.field("timeline_frame")])


@dataclass(frozen=True, eq=False)
class Change:
    """A change as stored, or with `dry_run` as it would be: its id, and the Python line that repeats it."""

    op_id: str
    code: str
    dry_run: bool
    _before: pa.Table
    _after: pa.Table

    @property
    def before(self) -> "pd.DataFrame":
        """The whole shot before (id, timeline_frame), by frame; of a change of variants, the variants."""
        return frame(self._before)

    @property
    def after(self) -> "pd.DataFrame":
        """The same after."""
        return frame(self._after)

    def __repr__(self) -> str:
        return f"<Change {self.code!r}{', not written' if self.dry_run else ''}>"


def placed(frames: "Mapping[str, int | None]") -> pa.Table:
    """Return a table of id and timeline_frame, by frame, those without one last in the order given."""
    ordered = sorted(frames.items(), key=lambda item: (item[1] is None, item[1] or 0))
    return pa.table(
        [pa.array([id_ for id_, _ in ordered], pa.string()), pa.array([at for _, at in ordered], pa.int64())],
        schema=_PLACED,
    )
