"""What a repair is made of: the columns that it writes, and what it refuses to write."""

from dataclasses import asdict, dataclass
from hashlib import sha256

from shotkit.secret import cleaned

__all__ = ["Cell", "Refusal"]


@dataclass(frozen=True)
class Cell:
    """One column of one row, `stored` before and `expected` after, each as the column's own text or None."""

    audit: str
    table: str
    id: str
    generation_id: str
    column: str
    stored: str | None
    expected: str | None

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands: table, row and column."""
        return self.table, self.id, self.column

    def shown(self) -> dict[str, str | None]:
        """Return it without secrets: addresses without their queries, params by their digest."""
        shown = _digest if self.column == "params" else cleaned
        texts = {name: None if text is None else shown(text) for name, text in self._texts().items()}
        return asdict(self) | texts

    def _texts(self) -> dict[str, str | None]:
        return {"stored": self.stored, "expected": self.expected}


@dataclass(frozen=True)
class Refusal:
    """A finding, by its audit and key, that is not repaired, and why."""

    audit: str
    key: str
    generation_id: str | None
    reason: str


def _digest(text: str) -> str:
    return f"{len(text)} characters, sha256 {sha256(text.encode()).hexdigest()[:16]}"
