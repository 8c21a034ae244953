"""Whole columns of ids are spelled and folded as Python does it one by one."""

from functools import reduce
from operator import xor
from unittest import mock
from uuid import UUID

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from shotkit.model.columns import folded, spelled

IDS = st.lists(st.none() | st.uuids(), max_size=12)


@given(IDS, st.integers(0, 3), st.sampled_from([1, 5, 2**25]))
def test_ids_are_spelled_as_python_spells_them(ids, start, most):
    held = pa.array([id_.bytes if id_ else None for id_ in ids], pa.binary(16))
    chunked = pa.chunked_array([held.slice(start), held.slice(0, start)], pa.binary(16))
    with mock.patch("shotkit.model.columns._MOST", most):
        found = spelled(chunked)
    found.validate(full=True)
    assert found.type == pa.string()
    assert found.to_pylist() == [str(id_) if id_ else None for id_ in ids[start:] + ids[:start]]


def test_what_is_text_already_stays():
    texts = pa.chunked_array([[str(UUID(int=1)), None]])
    assert spelled(texts) is texts


@given(st.lists(st.uuids(), max_size=12), st.integers(0, 3))
def test_the_bytes_of_an_id_are_folded_into_one(ids, start):
    held = pa.array([id_.bytes for id_ in ids], pa.binary(16)).slice(start)
    assert folded(held).tolist() == [reduce(xor, id_.bytes) for id_ in ids[start:]]
