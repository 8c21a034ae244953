"""Tables on a terminal: whatever its width, ids are whole, no line is broken, what is left out is named."""

import re
import sys
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shotkit.cli import output
from shotkit.cli.fit import GAP, fitted
from shotkit.model import tables


@pytest.fixture
def on_terminal(monkeypatch):
    """Returns the lines that a frame has on a terminal so many columns wide, without their colours."""

    def shown(frame: pd.DataFrame, columns: int) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        return re.sub(r"\x1b\[[0-9;]*m", "", output.table(frame, None, "csv or json")).splitlines()

    return shown


def rows_of(schema: pa.Schema) -> pd.DataFrame:
    """Three rows with long texts, and ids where ids are."""
    made = {
        field.name: [str(uuid4()) if field.name.endswith("id") else "https://x/" + "y" * 90] * 3
        for field in schema
        if field.type == pa.string()
    }
    rows = pd.DataFrame({field.name: made.get(field.name, [12] * 3) for field in schema})
    return rows.assign(name=["Valley, dawn to night", "日本" * 60, None])


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("schema", [tables.SHOTS, tables.GENERATIONS], ids=["shots", "generations"])
def test_a_listing_has_a_line_a_row_and_whole_ids(on_terminal, schema, columns):
    rows = rows_of(schema)
    *lines, told = on_terminal(rows, columns)
    assert len([line for line in lines if line.strip()]) == len(rows) + 2, "a head, a rule, a line a row"
    assert max(map(cell_len, lines)) <= columns
    words = "\n".join(lines).split()
    assert not [word for word in words if word.count("-") == 4 and word not in rows.to_numpy()]
    assert (rows["id"][0] in words) == (columns > 40)
    assert "Valley, dawn to night" in "\n".join(lines), "what commands take in the place of an id"
    hidden = re.fullmatch(r"3 rows; not shown: (.+) \(--format csv or json gives all\)", told)
    assert {*lines[0].split(), *hidden[1].split(", ")} == set(rows.columns)


def test_a_pipe_gets_all_columns_whatever_the_width(monkeypatch):
    rows = rows_of(tables.GENERATIONS)
    monkeypatch.setenv("COLUMNS", "40")
    shown = output.table(rows, None)
    assert shown.splitlines()[0].split() == list(rows.columns)
    assert shown.endswith("\n\n3 rows")


def test_texts_are_cut_with_an_ellipsis_and_numbers_are_not(on_terminal):
    frame = pd.DataFrame(
        {"name": ["日本" * 60, "short"], "links": [123_456_789, 1], "note": ["z" * 300, "-"]}
    )
    lines = on_terminal(frame, 60)
    assert "123456789" in lines[2].split()
    assert lines[2].count("…") == 2
    assert lines[-1] == "2 rows"


@given(
    st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=20), st.text(max_size=90), min_size=1),
    st.integers(20, 200),
)
def test_what_is_shown_fits_and_something_is_always_shown(cells, width):
    shown = fitted({name: [cell] for name, cell in cells.items()}, set(), width)
    assert shown
    assert sum(shown.values()) + GAP * len(shown) <= width
    assert [name for name in cells if name in shown] == list(shown)
