"""What a change costs on the wire: one proposal and one reply, small for a large shot, whatever happens."""

import pytest

from tests.browser.timeline import frames_stored, shown

MANY = 1_000
_LARGE = """
with shot as (
    insert into shots (name, project_id)
    select 'Large', project_id from shots where name = 'Valley, dawn to night' returning id, project_id
), made as (
    insert into generations (location, thumbnail_url, type, project_id)
    select g.location, g.thumbnail_url, 'image', shot.project_id
    from generate_series(1, %s), shot,
        (select location, thumbnail_url from generations where type = 'image' order by id limit 1) g
    returning id
)
insert into shot_generations (shot_id, generation_id, timeline_frame)
select shot.id, made.id, 50 * (row_number() over (order by made.id) - 1) from made, shot
"""


@pytest.fixture
def large(notebook, database, stored):
    """The timeline of a shot of 1,000 images."""
    stored.execute(_LARGE, (MANY,))
    return shown(notebook, database, shot="Large")


def only_exchange(timeline):
    """The one proposal and its one reply."""
    (proposal,) = timeline.notebook.wire.proposals
    (reply,) = timeline.notebook.wire.replies(proposal)
    return proposal, reply


def test_a_drag_in_a_shot_of_1000_is_one_proposal_and_one_reply_below_2_kb(large, stored):
    first, second = list(frames_stored(stored, "Large"))[:2]
    large.drag(first, 2.5 * 50 * large.pixels(first, second, 50))
    large.saved(first)
    proposal, reply = only_exchange(large)
    assert 100 < frames_stored(stored, "Large")[first] < 150
    assert proposal.size + reply.size < 2_000
    assert reply.content["ok"]


@pytest.mark.parametrize("raised", ["ValueError('out of the blue')", "KeyboardInterrupt()"])
def test_a_proposal_gets_one_reply_when_python_raises(notebook, database, stored, raised):
    timeline = shown(notebook, database)
    (first, *_) = frames_stored(stored)
    notebook.python(
        f"def refuse(*_, **__): raise {raised}\ntimeline.shot.move = timeline.shot.move_to = refuse"
    )
    timeline.item(first).click()
    timeline.press("Move right")
    timeline.refused(first)
    _, reply = only_exchange(timeline)
    assert reply.content["error"]["kind"] == raised.partition("(")[0]


def test_a_refused_drag_is_one_proposal_and_one_reply(notebook, database, stored):
    timeline = shown(notebook, database)
    (first, *_) = frames_stored(stored)
    timeline.item(first).click()
    timeline.root.get_by_label("Frame", exact=True).fill("7")
    stored.execute("update shot_generations set timeline_frame = 3 where id = %s", (first,))
    timeline.press("Set")
    timeline.refused(first)
    _, reply = only_exchange(timeline)
    assert reply.content["error"]["kind"] == "StaleShotError"
