"""What a comparison found: the rows that differ, and what could not be compared."""

import html
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHANGES", "COLUMNS", "Comparison", "Skipped", "TableCompared"]

COLUMNS = ("table", "id", "change", "columns")
CHANGES = ("added", "removed", "changed")


@dataclass(frozen=True)
class Skipped:
    """A table, or one column of it, that could not be compared, and why."""

    table: str
    column: str | None
    reason: str


@dataclass(frozen=True)
class TableCompared:
    """One table: its rows here and there, and how many rows differ."""

    table: str
    rows_here: int
    rows_there: int
    added: int
    removed: int
    changed: int

    @property
    def differing(self) -> int:
        """How many rows differ."""
        return self.added + self.removed + self.changed


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """Two stores held against each other, each as of one moment.

    `differences` has the columns COLUMNS, all `string[pyarrow]`, by table and id: `change` is added (only
    here), removed (only there) or changed, and `columns` then names those that differ, by ', '; no values.
    """

    here: str
    there: str
    differences: "pd.DataFrame"
    tables: tuple[TableCompared, ...]
    skipped: tuple[Skipped, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing differs and all was compared."""
        return self.differences.empty and not self.skipped

    def to_json(self) -> str:
        """Return it as JSON text."""
        from shotkit import __version__  # noqa: PLC0415  it imports this package

        whole = {
            "kind": "shotkit comparison, schema 1",
            "shotkit": __version__,
            "here": clean(self.here),
            "there": clean(self.there),
            "tables": [asdict(each) for each in self.tables],
            "skipped": [asdict(each) for each in self.skipped],
            "differences": json.loads(self.differences.to_json(orient="records")),
        }
        return json.dumps(whole, indent=1)

    def __repr__(self) -> str:
        here = sum(each.rows_here for each in self.tables)
        there = sum(each.rows_there for each in self.tables)
        lines = [f"<Comparison: {here:,} rows here, {there:,} there>"]
        lines += [f"here: {self.here}", f"there: {self.there}"]
        lines += [f"{each.table}: {_counts(each)}" for each in self.tables if each.differing]
        lines += [f"{_place(each)}: not compared, {each.reason}" for each in self.skipped]
        if same := [each.table for each in self.tables if not each.differing]:
            lines.append(f"{same[0] if len(same) == 1 else f'{len(same)} tables'}: the same")
        return "\n".join(map(clean, lines))

    def _repr_html_(self) -> str:
        # pandas escapes the cells; what stands before the table is escaped here.
        table = (
            "" if self.differences.empty else self.differences.to_html(max_rows=20, na_rep="", escape=True)
        )
        return f"<pre>{html.escape(repr(self))}</pre>{table}"


def _counts(each: TableCompared) -> str:
    return ", ".join(f"{getattr(each, change):,} {change}" for change in CHANGES if getattr(each, change))


def _place(each: Skipped) -> str:
    return each.table if each.column is None else f"{each.table}.{each.column}"
