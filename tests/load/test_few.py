"""Phase 1 of few rows and of many: the same table, whichever way it is made."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from shotkit.engine import table_of
from shotkit.load import phases
from shotkit.model.tables import IMAGES
from tests.load.test_cells import ODD, ONE, SEVERAL
from tests.load.test_kit import TYPES, URLS

MOMENTS = st.sampled_from(
    [
        None,
        "0001-01-01 00:00:00+00",
        "1969-12-31 23:59:59.9+00",
        "2026-01-01 00:00:00+00",
        "2026-01-01 00:00:00.5+00",
        "2026-01-01 00:00:00.05+00",
        "2026-01-01 00:00:00.55+00",
        "2026-01-01 00:00:01+00",
        "9999-12-31 23:59:59.999999+00",
    ]
)
ROW = st.tuples(
    st.uuids().map(str),
    URLS,
    URLS,
    TYPES,
    st.none() | st.just("name"),
    st.booleans(),
    MOMENTS,
    st.none() | st.uuids().map(str),
    st.none(),
    st.booleans(),
    st.none() | st.integers(0, 9),
    st.none(),
    ONE | SEVERAL | ODD | st.sampled_from([[0], [0, 0], [None], [5]]).map(json.dumps),
)


@example(rows=[])
@given(rows=st.lists(ROW, max_size=12))
def test_few_rows_are_made_as_many_are(rows):
    read = [*zip(*rows, strict=True)] or [()] * 13
    few, many = phases._of_few(read), phases._of_many(table_of(read, phases._PHASE_ONE))
    assert few.schema == many.schema == IMAGES
    assert few.to_pylist() == many.to_pylist()
    few.validate(full=True)
