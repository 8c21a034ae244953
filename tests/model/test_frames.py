"""The rules of positions, for any frames."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit import InvalidChangeError
from shotkit.model import (
    average_spacing,
    duplicate_frame,
    frame_for_index,
    free_shift,
    next_frame,
    normalize,
    quantize_count,
    quantize_gap,
    unique_frame,
)

frames = st.integers(0, 500)
frame_lists = st.lists(frames, max_size=30)


@given(st.floats(-1e6, 1e6), st.sets(frames), st.integers(1, 7))
def test_a_unique_frame_is_free_and_not_negative(target, used, step):
    found = unique_frame(target, used, step)
    assert found >= 0
    assert found not in used


@given(frames, st.sets(frames))
def test_no_free_frame_is_nearer_than_the_unique_one(target, used):
    distance = abs(unique_frame(target, used) - target)
    assert all(frame in used for frame in range(max(0, target - distance + 1), target + distance))


@given(st.sets(frames, min_size=1, max_size=6), st.sets(frames, max_size=30), st.data())
def test_a_shift_is_the_nearest_by_which_all_are_free(held, used, data):
    delta = data.draw(st.integers(-min(held), 60))
    by = free_shift(held, delta, used)

    def is_free(shift):
        return all(frame + shift >= 0 and frame + shift not in used for frame in held)

    assert is_free(by)
    nearer = range(delta - abs(by - delta) + 1, delta + abs(by - delta))
    assert not any(is_free(shift) for shift in nearer)


@given(st.integers(0, 10**6))
def test_halves_round_up(whole):
    assert unique_frame(whole + 0.5, []) == whole + 1


@given(frame_lists, st.integers(10, 200))
def test_the_average_spacing_stays_within_its_bounds(known, default):
    assert 10 <= average_spacing(known, default) <= default


@given(st.integers(0, 40), st.lists(frames, unique=True, max_size=30))
def test_an_inserted_frame_is_free_and_keeps_its_place_where_there_is_room(index, known):
    found = frame_for_index(index, known)
    ordered = sorted(known)
    assert found not in known
    before = ordered[index - 1] if 0 < index <= len(ordered) else -1
    if index < len(ordered) and ordered[index] - before > 1:
        assert before < found < ordered[index] or (index == 0 and ordered[0] == 0)
    if index >= len(ordered) > 0:
        assert found > ordered[-1]


@given(frame_lists)
def test_the_next_frame_is_behind_all(known):
    assert all(next_frame(known) > frame for frame in known)


@given(frames, st.none() | frames, st.sets(frames))
def test_a_duplicate_gets_a_free_frame(current, following, used):
    assert duplicate_frame(current, following, used) not in used


@given(frame_lists, st.integers(1, 100))
def test_normalizing_starts_at_0_caps_the_gaps_and_keeps_the_order(known, max_gap):
    new = normalize(known, max_gap)
    assert len(new) == len(known)
    assert min(new, default=0) == 0
    ordered = sorted(zip(known, new, strict=True))
    for (old_before, before), (old, after) in pairwise(ordered):
        assert after - before == min(old - old_before, max_gap)


@given(frame_lists, st.integers(1, 100))
def test_normalizing_twice_changes_nothing_more(known, max_gap):
    once = normalize(known, max_gap)
    assert normalize(once, max_gap) == once


@given(st.integers(-50, 10_000), st.integers(-5, 300))
def test_a_count_is_the_nearest_of_the_form_4n_plus_1_at_or_over_the_minimum(n, minimum):
    found = quantize_count(n, minimum)
    assert found % 4 == 1
    assert found >= max(1, minimum)
    if n >= found:
        assert n - found < 2
    elif found - 4 >= max(1, minimum):
        assert found - n <= 2


@given(st.integers(-50, 10_000))
def test_a_gap_is_a_count_of_at_least_5(n):
    assert quantize_gap(n) == max(5, quantize_count(n))


@pytest.mark.parametrize(
    "refused",
    [
        lambda: unique_frame(float("nan"), []),
        lambda: unique_frame(float("inf"), []),
        lambda: unique_frame(3, [3], step=0),
        lambda: frame_for_index(-1, [1]),
        lambda: normalize([1], max_gap=0),
    ],
)
def test_what_is_no_frame_is_refused(refused):
    with pytest.raises(InvalidChangeError):
        refused()
