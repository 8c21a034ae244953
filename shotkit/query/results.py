"""What a reader sees of an entry at one moment."""

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["QueryResult"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class QueryResult:
    """The view of an entry: `data` with all pending edits shown, and what there is to know about them.

    `error` is that of the last fetch, if it failed; `as_of` the clock's seconds when the read of the data
    began; `pending` the labels of edits not yet settled; `failed` those of them that could not be replayed,
    with the reason.
    """

    data: Any = None
    has_data: bool = False
    error: Exception | None = None
    is_fetching: bool = False
    is_stale: bool = True
    is_placeholder: bool = False
    as_of: float | None = None
    pending: tuple[str, ...] = ()
    failed: tuple[tuple[str, Exception], ...] = ()

    @property
    def status(self) -> Literal["pending", "success", "error"]:
        """'error' if the last fetch failed, 'success' if there are data, 'pending' before the first."""
        if self.error is not None:
            return "error"
        return "success" if self.has_data else "pending"

    def __repr__(self) -> str:
        words = [self.status, "stale" if self.is_stale else "fresh"]
        words += ["fetching"] if self.is_fetching else []
        words += [f"pending={list(self.pending)}"] if self.pending else []
        words += [f"failed={[label for label, _ in self.failed]}"] if self.failed else []
        words += [f"placeholder={type(self.data).__name__}"] if self.is_placeholder else []
        words += [f"data={type(self.data).__name__}"] if self.has_data else []
        return f"<QueryResult {' '.join(words)}>"
