"""A timeline over the fake shot of these tests and over a real one of a real server: both do the same."""

import pytest

from shotkit.widgets import Timeline
from tests.handles.conftest import databases, eventually, kit, kits, stage
from tests.widgets.fake import FakeShot
from tests.widgets.test_timeline import CHANGES, frames, news, rows, with_ids

__all__ = ["databases", "kit", "kits", "stage"]


class Fake:
    """The fake shot, with links at 0, 81, 162 and one without a frame."""

    def __init__(self, *_):
        self.shot = FakeShot()
        self.ids = self.shot.ids

    def stored(self):
        return self.shot.frames

    def arrive(self, _):
        self.shot.read_links()

    def elsewhere(self, id_, frame):
        self.shot.frames[id_] = frame
        self.shot.changed()


class Real:
    """A shot of the server, with the same links."""

    def __init__(self, stage, kit):
        self.stage = stage
        self.ids = self.stage.links(0, 81, 162, None)
        self.shot = kit.shot(stage.shot_id)

    def stored(self):
        return self.stage.frames()

    def arrive(self, timeline):
        assert eventually(lambda: timeline.state["phase"] == 2)

    def elsewhere(self, id_, frame):
        self.stage.connection.execute(
            "update public.shot_generations set timeline_frame = %s where id = %s", (frame, id_)
        )
        self.shot.refresh()


@pytest.fixture(params=[Fake, Real])
def held(request, stage, kit):
    return request.param(stage, kit)


@pytest.fixture
def timeline(page, held):
    made = Timeline(held.shot)
    made.wake()
    held.arrive(made)
    yield made
    made.close()


def test_phase_one_is_shown_at_once_and_phase_two_gives_the_links(page, held):
    timeline = Timeline(held.shot)
    assert [row["timeline_frame"] for row in page.opened(timeline)["state"]["rows"]] == [0, 81, 162, None]
    assert timeline.state["phase"] == 1
    timeline.wake()
    held.arrive(timeline)
    assert set(rows(timeline.state)) == set(held.ids)
    timeline.close()


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_change_is_stored_and_its_one_reply_tells_what_is_stored(page, held, timeline, change):
    kind, args, expected = change
    sent = len(page.messages(timeline))
    reply = page.ask(timeline, kind, version=timeline.state["version"], **with_ids(held, args))
    assert reply["ok"]
    assert [held.stored()[id_] for id_ in held.ids] == expected
    assert frames(timeline) == held.stored()
    assert len(page.messages(timeline)) == sent + 1
    again = page.ask(timeline, "move", id=held.ids[0], frame=7, version=reply["version"])
    assert again["ok"]


def test_a_prompt_is_written_and_comes_back(page, held, timeline):
    version = timeline.state["version"]
    reply = page.ask(timeline, "set_prompts", id=held.ids[0], prompt="she turns", version=version)
    assert reply["ok"]
    assert eventually(lambda: rows(timeline.state)[held.ids[0]]["prompt"] == "she turns")


def test_a_change_made_elsewhere_appears(page, held, timeline):
    held.elsewhere(held.ids[1], 90)
    assert eventually(lambda: frames(timeline)[held.ids[1]] == 90)
    assert news(page, timeline)[-1]["changed"] == {held.ids[1]: {"timeline_frame": 90}}


def test_a_stale_drag_is_refused_with_both_orders_and_may_be_applied_to_todays(page, held, timeline):
    seen = timeline.state["version"]
    held.elsewhere(held.ids[1], 90)
    reply = page.ask(timeline, "move", id=held.ids[0], frame=5, version=seen)
    assert reply["error"]["kind"] == "StaleShotError"
    assert reply["error"]["differ"] == [{"id": held.ids[1], "seen": 81, "found": 90}]
    assert held.stored()[held.ids[0]] == 0
    assert page.ask(timeline, "move", id=held.ids[0], frame=5, version=seen, rebase=True)["ok"]
    assert [held.stored()[id_] for id_ in held.ids] == [5, 90, 162, None]
    assert eventually(lambda: frames(timeline) == held.stored())


def test_a_refused_change_is_told_and_nothing_moves(page, held, timeline):
    reply = page.ask(timeline, "move", id=held.ids[0], frame=-1, version=timeline.state["version"])
    assert reply["error"]["kind"] == "InvalidChangeError"
    assert frames(timeline) == held.stored()
    assert [held.stored()[id_] for id_ in held.ids] == [0, 81, 162, None]
