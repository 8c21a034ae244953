"""Dragging on the timeline: order kept, frames distinct, nobody moved without need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit import InvalidChangeError
from shotkit.model import midpoint_moves

ANYWHERE = st.integers(0, 300)
CROWDED = st.integers(0, 20)
ROOMY = st.integers(0, 30).map(lambda frame: frame * 20)


@st.composite
def drags(draw, positions=ANYWHERE):
    known = sorted(draw(st.lists(positions, min_size=1, max_size=12, unique=True)))
    frames = {f"g{i}": frame for i, frame in enumerate(known)}
    dragged = draw(st.sets(st.sampled_from(list(frames)), max_size=4))
    rest = [id_ for id_ in frames if id_ not in dragged]
    place = draw(st.integers(0, len(rest)))
    return rest[:place] + sorted(dragged) + rest[place:], frames, dragged


@given(drags() | drags(CROWDED))
def test_frames_are_distinct_and_in_the_order_asked_for(drag):
    order, frames, dragged = drag
    new = frames | midpoint_moves(order, frames, dragged)
    placed = [new[id_] for id_ in order]
    assert placed == sorted(set(placed))
    assert placed[0] >= 0


@given(st.data())
def test_it_holds_for_any_order_scattered_drags_and_equal_frames(data):
    frames = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1))
    order = data.draw(st.permutations(sorted(frames)))
    dragged = data.draw(st.sets(st.sampled_from(order)))
    new = frames | midpoint_moves(order, frames, dragged)
    placed = [new[id_] for id_ in order]
    assert placed == sorted(set(placed))


@given(drags(ROOMY))
def test_nobody_else_moves_where_there_is_room(drag):
    order, frames, dragged = drag
    moved = set(midpoint_moves(order, frames, dragged))
    at_start = order[0] in dragged
    displaced = {next((id_ for id_ in order if id_ not in dragged), None)} if at_start else set()
    assert moved <= dragged | displaced


@given(drags(CROWDED))
def test_only_what_changes_is_returned(drag):
    order, frames, dragged = drag
    assert all(frames[id_] != frame for id_, frame in midpoint_moves(order, frames, dragged).items())


def test_neighbours_are_pushed_right_no_further_than_needed():
    frames = {"a": 10, "b": 11, "c": 12, "d": 14, "x": 90}
    assert midpoint_moves(["a", "x", "b", "c", "d"], frames, ["x"]) == {"x": 11, "b": 12, "c": 13}


def test_several_between_two_close_ones_push_the_successor_alone():
    frames = {"a": 10, "b": 12, "c": 60, "x": 70, "y": 80}
    assert midpoint_moves(["a", "x", "y", "b", "c"], frames, ["x", "y"]) == {"x": 11, "y": 12, "b": 13}


def test_an_unpositioned_one_is_dragged_in():
    assert midpoint_moves(["a", "x", "b"], {"a": 0, "b": 50, "x": None}, ["x"]) == {"x": 25}


def test_a_timeline_that_is_dragged_whole_starts_at_0():
    assert midpoint_moves(["b", "a"], {"a": 5, "b": 45}, ["a", "b"]) == {"b": 0, "a": 40}


@pytest.mark.parametrize(
    ("order", "frames", "dragged"),
    [
        (["a", "a"], {"a": 0}, ["a"]),
        (["a"], {"a": 0}, ["b"]),
        (["a"], {"a": 0, "b": 1}, ["a"]),
        (["a", "b"], {"a": 0}, ["a"]),
        (["a", "b"], {"a": 0, "b": -1}, ["a"]),
        (["a", "b"], {"a": 0, "b": 1.5}, ["a"]),
        (["a", "b"], {"a": 0, "b": True}, ["a"]),
    ],
    ids=["named twice", "dragged unknown", "left out", "no frame", "negative", "half", "no number"],
)
def test_what_makes_no_sense_is_refused(order, frames, dragged):
    with pytest.raises(InvalidChangeError):
        midpoint_moves(order, frames, dragged)
