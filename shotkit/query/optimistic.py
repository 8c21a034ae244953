"""The optimistic log of one entry: confirmed data, pending operations, and their replay as the view.

All of it is pure: a log is never changed, each step makes a new one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import reduce
from typing import Any, Final

__all__ = ["MISSING", "Log", "Operation", "Patch"]

# A patch says what the rows become, as an upsert by id does: it may meet rows that show its change already.
Patch = Callable[[Any], Any]


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One pending edit of one entry."""

    op_id: str
    label: str
    patch: Patch


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """`view` is `confirmed` with the `pending` operations replayed in order, but for those that `failed`.

    `settled` are the patches acknowledged since the running fetch began: its rows may be older than theirs.
    """

    confirmed: Any = MISSING
    pending: tuple[Operation, ...] = ()
    settled: tuple[Patch, ...] = ()
    view: Any = MISSING
    failed: Mapping[str, Exception] = field(default_factory=dict)

    @property
    def has_data(self) -> bool:
        """Whether there are confirmed data, which the view then shows."""
        return self.confirmed is not MISSING

    def failures(self) -> tuple[tuple[str, Exception], ...]:
        """Return the labels of the operations that could not be replayed, each with what its patch raised."""
        return tuple(
            (each.label, self.failed[each.op_id]) for each in self.pending if each.op_id in self.failed
        )

    def edited(self, operation: Operation) -> "Log":
        """Add a pending operation; what its patch raises on today's view is raised, and nothing is added."""
        view = operation.patch(self.view) if self.has_data else MISSING
        return replace(self, pending=(*self.pending, operation), view=view)

    def refused(self, op_id: str) -> "Log":
        """Take an operation out and replay the rest."""
        return _replayed(self._without(op_id))

    def acknowledged(self, op_id: str, stored: Patch, *, fetching: bool) -> tuple["Log", Exception | None]:
        """Put the stored rows in the place of an operation, and say what `stored` raised, if it did."""
        done = self._without(op_id)
        if fetching:
            done = replace(done, settled=(*self.settled, stored))
        confirmed, error = _applied(stored, self.confirmed)
        return _replayed(replace(done, confirmed=confirmed)), error

    def landed(self, data: Any) -> "Log":
        """Confirm fetched data, without losing rows that were acknowledged while the fetch ran.

        A settled patch that fails on them is left out: such a result lands stale, and the next has its rows.
        """
        confirmed = reduce(lambda rows, patch: _applied(patch, rows)[0], self.settled, data)
        if not self.pending:
            return Log(confirmed, view=confirmed)
        return _replayed(replace(self, confirmed=confirmed, settled=()))

    def fetching(self) -> "Log":
        """Note that a fetch begins: what was acknowledged before it is in the rows it will read."""
        return replace(self, settled=()) if self.settled else self

    def _without(self, op_id: str) -> "Log":
        return replace(self, pending=tuple(each for each in self.pending if each.op_id != op_id))


def _replayed(log: Log) -> Log:
    view, failed = log.confirmed, dict[str, Exception]()
    for operation in log.pending:
        view, error = _applied(operation.patch, view)
        if error is not None:
            failed[operation.op_id] = error
    return replace(log, view=view, failed=failed)


def _applied(patch: Patch, rows: Any) -> tuple[Any, Exception | None]:
    """Return patched rows, or the rows as they were and what the patch raised."""
    if rows is MISSING:
        return rows, None
    try:
        return patch(rows), None
    except Exception as error:  # noqa: BLE001 -- a patch is the caller's; what it raises is kept and told
        return rows, error
