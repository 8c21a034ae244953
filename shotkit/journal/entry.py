"""One change as the journal knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

__all__ = ["Entry", "Kind"]

#: Of a shot's links, of a generation's variants, or a shot that was made.
Kind = Literal["shot", "variants", "new shot"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FLAGS = ("is_complete", "wrote")


@dataclass(frozen=True)
class Entry:
    """A change: where, by whom (`identity`: a user id, a role, '' for the address's own), what became of it.

    `shot_id` is the shot that the handle was of; a shot that was made has the `op_id` for its id. `place`
    names the shot, or is the generation's id. `undoes` and `undone_by` are the op ids of other changes.
    `is_complete` is false where an address in `code` lost its query string.
    """

    op_id: str
    kind: Kind
    database: str
    identity: str
    code: str
    label: str = ""
    place: str = ""
    project_id: str | None = None
    shot_id: str | None = None
    generation_id: str | None = None
    undoes: str | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: Literal["unknown", "stored", "refused"] = "unknown"
    wrote: bool = False
    reason: str = ""
    undone_by: str | None = None
    is_complete: bool = True

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Entry":
        """Return the entry of a row of the journal's table."""
        flags = {name: bool(row[name]) for name in _FLAGS}
        return cls(**{**row, **flags, "at": _EPOCH + timedelta(microseconds=row["at"])})

    @property
    def microseconds(self) -> int:
        """The time since 1970."""
        return (self.at - _EPOCH) // timedelta(microseconds=1)
