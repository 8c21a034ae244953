"""What a change did, or would do, to a shot or to a generation's variants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa

from shotkit.errors import InvalidChangeError
from shotkit.given import as_id
from shotkit.model.tables import LINKS, frame
from shotkit.secret import cleaned

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["Change", "Frames", "checked_op_id"]

Frames = Mapping[str, int | None]  # of links, by id

_PLACED = pa.schema([LINKS.field("id"), LINKS.field("timeline_frame")])


@dataclass(frozen=True, eq=False)
class Change:
    """A change as stored, or with `dry_run` as it would be: its id, and the Python line that repeats it.

    In `code`, addresses have lost their query strings and passwords; such a line is refused when it is run.

    `xid` is the number of the transaction that stored it, as pg_current_xact_id() writes it. `stored` has the
    rows that it touched as they are stored now: a table of LINKS, or of all VARIANTS of the generation; those
    of `removed` are gone. Where nothing was written, `xid`, `stored` and `undo` are None.
    """

    op_id: str
    code: str
    dry_run: bool
    _before: Frames | pa.Table  # a table of variants
    _after: Frames | pa.Table
    xid: str | None = None
    stored: pa.Table | None = None
    removed: tuple[str, ...] = ()
    remembered: "Callable[[], Mapping[str, Any]] | None" = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", cleaned(self.code))  # the class is frozen for everybody else

    @property
    def before(self) -> "pd.DataFrame":
        """The whole shot before (id, timeline_frame), by frame; of a change of variants, the variants."""
        return frame(_table(self._before))

    @property
    def after(self) -> "pd.DataFrame":
        """The same after."""
        return frame(_table(self._after))

    @property
    def frames_before(self) -> dict[str, int | None]:
        """The frame of every link of the shot before, by id."""
        return _frames(self._before)

    @property
    def frames(self) -> dict[str, int | None]:
        """The same after."""
        return _frames(self._after)

    @property
    def undo(self) -> str | None:
        """What takes it back, as JSON for `take_back`."""
        return None if self.remembered is None else json.dumps(self.remembered())

    @property
    def added(self) -> set[str]:
        """The ids that were not there before."""
        return _ids(self._after) - _ids(self._before)

    def __repr__(self) -> str:
        return f"<Change {self.code!r}{', not written' if self.dry_run else ''}>"


def _frames(rows: Frames | pa.Table) -> dict[str, int | None]:
    if isinstance(rows, pa.Table):
        return dict(zip(rows["id"].to_pylist(), rows["timeline_frame"].to_pylist(), strict=True))
    return _ordered(rows)


def _ids(rows: Frames | pa.Table) -> set[str]:
    return set(rows["id"].to_pylist() if isinstance(rows, pa.Table) else rows)


def checked_op_id(op_id: str | None) -> str:
    """Return the id that a change goes by: the caller's, which is a UUID used for no other, or a new one."""
    if op_id is None:
        return str(uuid4())
    if (found := as_id(op_id)) is None:
        raise InvalidChangeError(f"{str(op_id)[:80]!r} is no op_id; give a new UUID, or none.")
    return found


def _table(rows: Frames | pa.Table) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    ordered = _ordered(rows)
    return pa.table([pa.array(ordered, pa.string()), pa.array(ordered.values(), pa.int64())], schema=_PLACED)


def _ordered(frames: Frames) -> dict[str, int | None]:
    # By frame, those without one last in the order given.
    return dict(sorted(frames.items(), key=lambda item: (item[1] is None, item[1] or 0)))
