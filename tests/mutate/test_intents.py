"""Intents are pure: what they come to on the links they are shown, and what they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit.errors import InvalidChangeError
from shotkit.mutate import (
    Add,
    Exchange,
    Initialize,
    Link,
    Links,
    Move,
    MoveTo,
    Normalize,
    Place,
    Plan,
    Remove,
    Reorder,
    SetPrompts,
    Shift,
    Unplace,
)

A, B, C, D, E = (f"{n:08x}-0000-4000-8000-000000000000" for n in range(1, 6))
FOREIGN = "ffffffff-0000-4000-8000-000000000000"


def shown(**frames: int | None) -> Links:
    ids = {"a": A, "b": B, "c": C, "d": D, "e": E}
    return Links.of({ids[name]: frame for name, frame in frames.items()})


@pytest.mark.parametrize(
    ("intent", "links", "frames"),
    [
        (Move(A, 7), shown(a=0, b=5), {A: 7}),
        (Move(A, 5), shown(a=0, b=5), {A: 6}),
        (Move(A, 5), shown(a=0, b=5, c=6), {A: 4}),
        (Move(A, 0), shown(a=0, b=5), {}),
        (Move(A.upper(), 9), shown(a=0), {A: 9}),
        (Exchange(((A, B),)), shown(a=0, b=5), {A: 5, B: 0}),
        (Exchange(((A, B), (B, C))), shown(a=0, b=5, c=9), {A: 5, B: 9, C: 0}),
        (Exchange(((A, B),)), shown(a=0, b=None), {A: None, B: 0}),
        (Exchange(((A, B),)), shown(a=None, b=None), {}),
        (Exchange(((A, B),)), shown(a=5, b=10, c=5), {A: 10, B: 6}),
        (Reorder((C, A, B)), shown(a=0, b=5, c=9), {C: 0, A: 5, B: 9}),
        (Reorder((C, A)), shown(a=0, b=5, c=9), {C: 0, A: 9}),
        (Reorder((B, A)), shown(a=5, b=5, c=6), {A: 7}),
        (MoveTo((C,), 1), shown(a=0, b=10, c=30), {C: 5}),
        (MoveTo((C,), 0), shown(a=0, b=10, c=30), {A: 5, C: 0}),
        (MoveTo((D,), 2), shown(a=0, b=10, d=None), {D: 20}),
        (Shift((B, C), 5), shown(a=0, b=10, c=30), {B: 15, C: 35}),
        (Shift((C, B), -10), shown(a=50, b=10, c=30), {B: 0, C: 20}),
        (Shift((A, B), 20), shown(a=0, b=10, c=30), {A: 21, B: 31}),
        (Shift((A, B), 20), shown(a=0, b=10, c=30, d=31, e=21), {A: 19, B: 29}),
        (Shift((B, C), -10), shown(a=0, b=10, c=30), {B: 1, C: 21}),
        (Shift((A, B), 4), shown(a=5, b=5, c=10), {A: 9, B: 11}),
        (Shift((A,), 5), shown(a=0, b=5), {A: 6}),
        (Shift((A, B), 0), shown(a=0, b=5, c=None), {}),
        (Place(C), shown(a=0, b=10, c=None), {C: 20}),
        (Place(C), shown(c=None), {C: 0}),
        (Place(C, 10), shown(a=0, b=10, c=None), {C: 11}),
        (Unplace(B), shown(a=0, b=10), {B: None}),
        (Unplace(A), shown(a=0, b=10, c=30), {A: None, B: 0, C: 20}),
        (Unplace(A), shown(a=4), {A: None}),
        (Unplace(A), shown(a=None, b=7), {}),
        (Initialize(), shown(a=0, b=20, c=None, d=None), {C: 40, D: 60}),
        (Initialize(5), shown(c=None, d=None), {C: 0, D: 5}),
        (Normalize(), shown(a=3, b=7, c=500), {A: 0, B: 4, C: 85}),
        (Normalize(), shown(a=3, b=3, c=4), {A: 0, B: 1, C: 2}),
        (Normalize(), shown(a=-1, b=3), {B: 0}),
        (Normalize(), shown(), {}),
        (Remove(B), shown(a=0, b=10), {}),
        (Remove(A), shown(a=0, b=10, c=30), {B: 0, C: 20}),
    ],
)
def test_an_intent_comes_to_the_frames_that_change(intent, links, frames):
    assert intent.plan(links).frames == frames


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (Move(FOREIGN, 3), f"'{FOREIGN}' is no link of this shot"),
        (Move("x' or true", 3), "is no link of this shot"),
        (Move(A, -1), "The frame of .* from 0 to 2147483647, found -1"),
        (Move(A, 2**31), "found 2147483648"),
        (Move(A, 1.5), r"found 1\.5"),
        (Move(A, "3"), "found '3'"),
        (Move(A, frame=True), "found True"),
        (Move(A, None), "found None"),
        (Exchange(((A, A),)), f"Named more than once: {A}"),
        (Exchange(((A, B), (C, FOREIGN))), FOREIGN),
        (Reorder((A, B, A)), f"Named more than once: {A}"),
        (Reorder((A, FOREIGN)), FOREIGN),
        (Reorder(()), "at least one id"),
        (Reorder((A, C)), f"Off the timeline: {C}"),
        (MoveTo((A, A), 0), "Named more than once"),
        (MoveTo((FOREIGN,), 0), FOREIGN),
        (MoveTo((A,), 2), "The index among 1 other links must be a whole number from 0 to 1, found 2"),
        (MoveTo((A,), -1), "found -1"),
        (Shift((A, B), -1), "first is at 0 must be a whole number from 0 to 2147483647, found -1"),
        (Shift((A, B), 2**31 - 1), "found 2147483652"),
        (Shift((A, B), 1.5), r"found 1\.5"),
        (Shift((A, C), 1), f"Off the timeline: {C}"),
        (Shift((A, A), 1), "Named more than once"),
        (Shift((), 1), "at least one id"),
        (Shift((FOREIGN,), 1), FOREIGN),
        (Place(A), "on the timeline already, at 0"),
        (Place(C, -4), "found -4"),
        (Place(FOREIGN), FOREIGN),
        (Unplace(FOREIGN), FOREIGN),
        (Initialize(0), "The spacing must be a whole number from 1"),
        (Initialize(2**31 - 1), "found 2147483652"),
        (Add("no id"), "'no id' is no generation id"),
        (Remove(FOREIGN), FOREIGN),
        (SetPrompts(FOREIGN, "x"), FOREIGN),
        (SetPrompts(A), "No prompt was given"),
        (SetPrompts(A, "\0"), "no text in PostgreSQL can hold"),
        (SetPrompts(A, negative_prompt=3), "The negative prompt must be a text, found int"),
    ],
)
def test_an_intent_names_what_is_wrong(intent, said):
    with pytest.raises(InvalidChangeError, match=said):
        intent.plan(shown(a=0, b=5, c=None))


def test_initialize_goes_by_age_and_leaves_videos_off():
    links = Links(
        [Link(A, None, created=3), Link(B, None, created=1, is_video=True), Link(C, None, created=2)]
    )
    assert Initialize(7).plan(links).frames == {C: 0, A: 7}


def test_an_added_link_goes_behind_the_last_or_off_the_timeline():
    assert Add(E).plan(shown(a=0, b=10)).added.frame == 20
    assert Add(E).plan(shown()).added.frame == 0
    assert Add(E, positioned=False).plan(shown(a=0)).added.frame is None
    with pytest.raises(InvalidChangeError, match="The frame behind the last"):
        Add(E).plan(shown(a=2**31 - 1))


@pytest.mark.parametrize(
    ("intent", "code"),
    [
        (Move("a", 3), "shot.move('a', 3)"),
        (Exchange((("a", "b"),)), "shot.exchange('a', 'b')"),
        (Reorder(("a", "b")), "shot.reorder(('a', 'b'))"),
        (MoveTo(("a",), 0), "shot.move_to(('a',), 0)"),
        (Shift(("a", "b"), -3), "shot.shift(('a', 'b'), -3)"),
        (Place("a"), "shot.place('a')"),
        (Place("a", 3), "shot.place('a', frame=3)"),
        (Initialize(), "shot.initialize()"),
        (Normalize(), "shot.normalize()"),
        (Add("g", positioned=False), "shot.add('g', positioned=False)"),
        (SetPrompts("a", negative_prompt="it's"), "shot.set_prompts('a', negative_prompt=\"it's\")"),
    ],
)
def test_its_code_is_the_line_that_repeats_it(intent, code):
    assert intent.code == code


IDS = [f"{n:08x}-0000-4000-8000-000000000000" for n in range(8)]
FRAMES = st.one_of(st.none(), st.integers(-1, 12), st.integers(0, 400))


def intents(ids: list[str]):
    one = st.sampled_from(ids)
    several = st.lists(one, min_size=1, max_size=len(ids), unique=True).map(tuple)
    pair = st.tuples(one, one).filter(lambda pair: pair[0] != pair[1])
    frame = st.integers(0, 30)
    return st.one_of(
        st.builds(Move, one, frame),
        st.builds(Exchange, st.lists(pair, min_size=1, max_size=4).map(tuple)),
        st.builds(Reorder, several),
        st.builds(MoveTo, several, st.integers(0, len(ids))),
        st.builds(Shift, several, st.integers(-12, 30)),
        st.builds(Place, one, st.none() | frame),
        st.builds(Unplace, one),
        st.builds(Initialize, st.none() | st.integers(1, 40)),
        st.builds(Normalize),
        st.builds(Remove, one),
    )


@given(frames=st.lists(FRAMES, min_size=2, max_size=8), data=st.data())
def test_no_written_link_ever_shares_its_frame(frames, data):
    links = Links.of(dict(zip(IDS, frames, strict=False)))
    try:
        plan: Plan = data.draw(intents(IDS[: len(frames)])).plan(links)
    except InvalidChangeError:
        return
    after = {id_: at for id_, at in (links.frames | dict(plan.frames)).items() if id_ != plan.removed}
    for id_, frame in plan.frames.items():
        assert frame is None or [*after.values()].count(frame) == 1
        assert frame != links.frames[id_]


@given(frames=st.lists(st.integers(0, 400), min_size=3, max_size=8, unique=True), data=st.data())
def test_removing_the_first_of_several_keeps_the_gaps_and_starts_at_0(frames, data):
    links = Links.of(dict(zip(IDS, frames, strict=False)))
    first = min(links.positions, key=links.positions.get)
    for intent in (Remove(first), Unplace(first)):
        after = {id_: f for id_, f in (links.frames | intent.plan(links).frames).items() if id_ != first}
        assert min(after.values()) == 0
        assert len({links.frames[id_] - frame for id_, frame in after.items()}) == 1
