"""The frames of many cells at once: the same as of each cell alone."""

import json

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from shotkit.load import cells
from shotkit.model import cell_frames

FRAMES = st.none() | st.integers(-5, 5_000) | st.sampled_from([2**53 - 1, 2**53, -(10**15), 10**15, 10**30])
ODD = st.sampled_from(['"5"', '["5"]', "[[1]]", "[true]", "[1.0]", "[]", "{}", '"a][b"', '{"a": [1]}', "150"])
ONE = FRAMES.map(lambda frame: json.dumps([frame]))
SEVERAL = st.lists(FRAMES, max_size=3).map(json.dumps)


@example(texts=["150", "[7]"])
@example(texts=['"5"', "[7]"])
@example(texts=[f"[{10**16}]", "[7]"])
@given(
    texts=st.lists(ONE, max_size=6)
    | st.lists(SEVERAL, max_size=6)
    | st.lists(ONE | SEVERAL | ODD, max_size=6),
)
def test_many_cells_have_the_frames_that_each_has_alone(texts):
    places, frames = cells.expanded(pa.chunked_array([pa.array(texts, pa.string())]))
    expected = [(place, frame) for place, text in enumerate(texts) for frame in cell_frames(json.loads(text))]
    assert list(zip(places.to_pylist(), frames.to_pylist(), strict=True)) == expected
