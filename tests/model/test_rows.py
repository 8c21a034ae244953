"""Rows, their types and what shot_data says of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit.model import (
    GeneratedImageWithMetadata,
    GenerationRow,
    TimelineGenerationRow,
    expand_shot_data,
    is_timeline_generation,
    is_video,
    pair_prompts,
    url_identity,
)
from shotkit.model.tables import GALLERY_WITH_PROMPTS, GENERATIONS

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


def test_the_types_name_the_columns_of_the_frames():
    derived = {"url_identity", "thumb_url_identity", "is_video"}
    counts = {"derived_count", "unviewed_count", "project_id"}
    assert set(GenerationRow.__annotations__) == set(GENERATIONS.names) - derived
    assert set(TimelineGenerationRow.__annotations__) == set(GENERATIONS.names) - derived
    assert set(GeneratedImageWithMetadata.__annotations__) == set(GALLERY_WITH_PROMPTS.names) - counts


@given(json_values)
def test_any_shot_data_expands_to_frames_or_none(shot_data):
    for shot, frame in expand_shot_data(shot_data):
        assert isinstance(shot, str)
        assert frame is None or type(frame) is int


@given(st.dictionaries(st.uuids().map(str), st.lists(st.none() | st.integers(0, 1000))))
def test_every_element_of_a_list_is_an_entry_in_its_order(shot_data):
    entries = expand_shot_data(shot_data)
    for shot, frames in shot_data.items():
        assert [frame for found, frame in entries if found == shot] == frames


@pytest.mark.parametrize("odd", ["12", True, 1.5, float("inf"), 10**400, [1], {}], ids=repr)
def test_what_is_no_frame_is_an_entry_without_one(odd):
    assert expand_shot_data({"S": [odd]}) == [["S", None]]


def test_a_whole_number_written_as_a_float_is_a_frame():
    assert expand_shot_data(json.loads('{"S": [50.0, 1e2]}')) == [["S", 50], ["S", 100]]


@pytest.mark.parametrize(
    ("row", "on_timeline"),
    [
        ({"timeline_frame": 0, "metadata": {}}, True),
        ({"timeline_frame": 5, "metadata": "{}"}, True),
        ({"timeline_frame": -1, "metadata": {}}, False),
        ({"timeline_frame": None, "metadata": {}}, False),
        ({"timeline_frame": True, "metadata": {}}, False),
        ({"timeline_frame": 0, "metadata": None}, False),
        ({"timeline_frame": 0}, False),
        ({}, False),
    ],
)
def test_a_row_is_on_the_timeline_with_a_frame_and_metadata(row, on_timeline):
    assert is_timeline_generation(row) is on_timeline


@given(st.text(), st.text())
def test_a_new_token_is_not_a_new_image(path, token):
    assert url_identity(f"{path}?{token}") == url_identity(path)


@given(st.text(alphabet="ab./"), st.sampled_from([".mp4", ".WebM", ".MOV"]), st.text(), st.sampled_from("?#"))
def test_a_video_is_told_by_its_path_whatever_follows_it(stem, ending, rest, mark):
    assert is_video(None, f"{stem}{ending}")
    assert is_video("image", f"{stem}{ending}{mark}{rest}")
    assert not is_video("image", f"{stem}{mark}{rest}{ending}")


def row(frame, **metadata):
    return {"timeline_frame": frame, "metadata": metadata}


def test_a_cleared_newer_prompt_hides_the_older_one():
    rows = [row(0, segmentOverrides={"prompt": ""}, pair_prompt="old"), row(9)]
    assert pair_prompts(rows) == {}


def test_the_older_keys_count_where_the_newer_home_has_none():
    rows = [
        row(0, segmentOverrides={"prompt": None, "seed": 1}, pair_prompt="p", pair_negative_prompt="n"),
        row(9),
    ]
    assert pair_prompts(rows) == {"0": {"prompt": "p", "negative_prompt": "n"}}


@pytest.mark.parametrize("odd", [None, [], "text", {"segmentOverrides": []}, {"pair_prompt": {"a": 1}}])
def test_metadata_of_any_kind_breaks_nothing(odd):
    assert pair_prompts([{"timeline_frame": 0, "metadata": odd}, row(1)]) == {}
