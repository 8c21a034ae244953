"""Ids that travel as 16 bytes are spelled as Python and PostgreSQL spell them."""

from unittest import mock
from uuid import UUID

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from shotkit.load.ids import spelled

IDS = st.lists(st.none() | st.uuids(), max_size=12)


@given(IDS, st.integers(0, 3), st.sampled_from([1, 5, 2**25]))
def test_ids_are_spelled_as_python_spells_them(ids, start, most):
    held = pa.array([id_.bytes if id_ else None for id_ in ids], pa.binary(16))
    chunked = pa.chunked_array([held.slice(start), held.slice(0, start)], pa.binary(16))
    with mock.patch("shotkit.load.ids._MOST", most):
        found = spelled(chunked)
    found.validate(full=True)
    assert found.type == pa.string()
    assert found.to_pylist() == [str(id_) if id_ else None for id_ in ids[start:] + ids[:start]]


def test_what_is_text_already_stays():
    texts = pa.chunked_array([[str(UUID(int=1)), None]])
    assert spelled(texts) is texts
