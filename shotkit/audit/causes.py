"""The likely cause of each drifted generation, judged by what its shot_data was left as.

A signature is evidence, not proof: a write by hand can leave anything. What fits none is 'unknown'.
"""

import json
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BECAUSE", "causes"]

AUDIT = "0001_shot_data_matches_links"
UNKNOWN = "unknown"
BECAUSE = {
    "direct write": "No known trigger writes this: the JSON is malformed or out of order, as by hand.",
    "lost insert": "Frames of links are not stored, all that is stored is right: two writers added links at "
    "once and one overwrote the other, or the sync did not run.",
    "moved link": "Frames are stored where the generation has no link any more: a link was pointed at "
    "another shot or generation, or removed, and the old entry stayed.",
    "null wipe": "All that is stored is null where links have frames: a link off the timeline wiped them.",
    "old format": "One frame in place of a list: written before lists were the rule, and not since.",
    "skipped lock": "One frame is still that of before a move: the sync passed by a row that another "
    "transaction had locked, and the move succeeded.",
    UNKNOWN: "No known signature fits, or several do.",
}


Frames = Counter[int | None]


@dataclass(frozen=True)
class _Cell:
    """One finding: the frames that a generation's shot_data has for one shot, and those of its links."""

    verdict: str
    detail: str
    stored: Frames | None  # None: no entry, or no frames
    expected: Frames
    is_scalar: bool


def causes(findings: "pd.DataFrame") -> "pd.DataFrame":
    """Return generation_id, cause and because of each generation that audit 0001 names, by generation_id."""
    import pandas as pd  # noqa: PLC0415  heavy, and loaded by whoever made the findings
    import pyarrow as pa  # noqa: PLC0415

    columns = ["generation_id", "verdict", "shot_id", "detail", "stored", "expected"]
    drifted = findings.loc[findings["audit"] == AUDIT, columns].sort_values("generation_id", kind="stable")
    rows = pa.Table.from_pandas(drifted, preserve_index=False).to_pylist()
    told = [
        (generation, cause, BECAUSE[cause])
        for generation, group in groupby(rows, key=lambda row: row["generation_id"])
        for cause in [_cause([_cell(row) for row in group])]
    ]
    names = ["generation_id", "cause", "because"]
    schema = pa.schema([(name, pa.string()) for name in names])
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in told], schema=schema)
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _cause(cells: list[_Cell]) -> str:
    # Beside another fault, an entry of the old format only says how old the document is.
    telling = [cell for cell in cells if cell.verdict != "legacy_shape"] or cells
    if _went_elsewhere(telling):
        return "moved link"
    found = {_cause_of(cell) for cell in telling}
    if "direct write" in found:  # whoever wrote the one may have left out the other
        return "direct write"
    return found.pop() if len(found) == 1 else UNKNOWN


def _went_elsewhere(cells: list[_Cell]) -> bool:
    """Whether one shot has the very frames that another lacks, and nothing else is wrong."""
    by_verdict = {cell.verdict: cell for cell in cells}
    if len(cells) != 2 or by_verdict.keys() != {"extra", "missing"}:  # noqa: PLR2004  from one, to the other
        return False
    return by_verdict["extra"].stored == by_verdict["missing"].expected


def _cause_of(cell: _Cell) -> str:
    match cell.verdict:
        case "malformed" | "unordered":
            return "direct write"
        case "legacy_shape":
            return "old format"
        case "missing":
            return "lost insert" if cell.stored is None else UNKNOWN  # no trigger leaves an empty list
        case "extra":
            return "moved link" if cell.stored and "not there" not in cell.detail else UNKNOWN
        case _:
            return _cause_of_frames(cell, cell.stored or Counter())


def _cause_of_frames(cell: _Cell, stored: Frames) -> str:
    if set(stored) == {None} and set(cell.expected) != {None}:
        return "null wipe"
    if cell.is_scalar:
        is_old = cell.verdict == "miscounted" or "also a scalar" in cell.detail
        return "old format" if is_old else UNKNOWN
    if cell.verdict == "different":
        return "skipped lock" if (stored - cell.expected).total() == 1 else UNKNOWN
    if stored <= cell.expected:
        return "lost insert"
    return "moved link" if stored >= cell.expected else UNKNOWN


def _cell(row: dict[str, Any]) -> _Cell:
    stored = None if row["verdict"] == "malformed" else _parsed(row["stored"])
    expected = _parsed(row["expected"])
    is_scalar = stored is not None and not row["stored"].startswith("[")
    return _Cell(row["verdict"], row["detail"], stored, expected or Counter(), is_scalar)


def _parsed(text: str | None) -> Frames | None:
    if text is None:
        return None
    value = json.loads(text)
    return Counter(value if isinstance(value, list) else [value])
