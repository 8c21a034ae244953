import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit.errors import ServerUnreachableError, StaleShotError
from shotkit.model.tables import LINKS, frame
from shotkit.widgets.messages import error_record, records, wire

ID = "00000000-0000-4000-8000-000000000001"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ROW = {"id": ID, "generation_id": ID, "timeline_frame": None, "metadata": None, "updated_at": MOMENT}


@pytest.mark.parametrize("as_frame", [False, True])
def test_rows_of_links_are_records_with_null_iso_text_and_whole_numbers(as_frame):
    table = pa.Table.from_pylist([ROW, {**ROW, "timeline_frame": 50}], schema=LINKS)
    told = records(frame(table) if as_frame else table)
    assert told[0] == {**ROW, "updated_at": "2026-01-02T03:04:05+00:00"}
    assert told[1]["timeline_frame"] == 50
    assert isinstance(told[1]["timeline_frame"], int)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_only_the_columns_asked_for_are_told_in_their_order():
    table = pa.Table.from_pylist([ROW], schema=LINKS)
    assert records(table, ["timeline_frame", "id"]) == [{"timeline_frame": None, "id": ID}]
    assert records(table.slice(0, 0)) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), None),
        (math.inf, None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.float32("nan"), None),
        (np.int64(7), 7),
        (np.bool_(1), True),
        (np.array([1, 2]), [1, 2]),
        (True, True),
        (UUID(ID), ID),
        (pd.Timestamp(MOMENT), "2026-01-02T03:04:05+00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (Decimal("1.500"), "1.500"),
        (2**53, "9007199254740992"),
        (2**53 - 1, 2**53 - 1),
        ("half \ud800 of a pair", "half ? of a pair"),
        ({"a": (1, {UUID(ID): pd.NA})}, {"a": [1, {ID: None}]}),
    ],
)
def test_a_value_is_told_as_json_can_hold_it(value, told):
    assert wire(value) == told
    assert type(wire(value)) is type(told)


def test_what_is_unknown_is_refused_not_guessed():
    with pytest.raises(TypeError, match="told a bytes"):
        wire(b"picture")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes() | st.uuids(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_a_cell_holds_makes_a_message_of_strict_json(value):
    json.dumps(wire(value), allow_nan=False, ensure_ascii=False).encode("utf-8")


def test_an_error_is_told_by_kind_and_words_without_passwords_and_query_strings():
    error = ServerUnreachableError(
        "at https://x.test/a.png?token=SECRET&x=1 and postgresql://me:hunter2@db.test/x; why? because"
    )
    told = error_record(error)
    assert told == {
        "kind": "ServerUnreachableError",
        "message": "at https://x.test/a.png and postgresql://***@db.test/x; why? because",
    }


def test_an_error_without_words_is_told_by_its_name_and_a_long_one_is_cut():
    assert error_record(KeyboardInterrupt())["message"] == "KeyboardInterrupt"
    assert len(error_record(ValueError("x" * 10_000))["message"]) < 700


def test_a_stale_shot_is_told_by_the_links_that_differ_and_only_some_of_many():
    seen = {"stays": 0, "moved": 5, "gone": None}
    told = error_record(StaleShotError(seen=seen, found={"stays": 0, "moved": None, "new": 7}))
    assert told["differing"] == 3
    assert told["differ"] == [
        {"id": "moved", "seen": 5, "found": None},
        {"id": "gone", "seen": None},
        {"id": "new", "found": 7},
    ]
    many = error_record(StaleShotError(seen=dict.fromkeys(map(str, range(100)), 1), found={}))
    assert (len(many["differ"]), many["differing"]) == (12, 100)
