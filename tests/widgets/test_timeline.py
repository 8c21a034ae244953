import json
import threading

import pytest

from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    InvalidChangeError,
    NotPermittedError,
    WriteNotStoredError,
)
from shotkit.widgets import Timeline
from tests.widgets.fake import FakeShot
from tests.widgets.page import size


@pytest.fixture
def shot():
    return FakeShot()


@pytest.fixture
def timeline(page, shot):
    """A timeline that is shown, its links read."""
    made = Timeline(shot)
    made.wake()
    shot.read_links()
    return made


def rows(state):
    return {row["id"]: row for row in state["rows"]}


def frames(timeline):
    return {id_: row["timeline_frame"] for id_, row in rows(timeline.state).items()}


def news(page, timeline):
    """What pages were told without having asked."""
    return [content["news"] for content, _ in page.messages(timeline) if content.get("type") == "news"]


def test_the_images_of_phase_one_are_shown_at_once_and_cannot_be_moved(page, shot):
    timeline = Timeline(shot)
    state = page.opened(timeline)["state"]
    assert state["phase"] == 1
    assert [row["timeline_frame"] for row in state["rows"]] == [0, 81, 162, None]
    reply = page.ask(timeline, "move", id=shot.ids[0], frame=5, version="")
    assert reply["error"]["message"].startswith("The links of this shot have not been read yet")
    assert not shot.called


def test_when_phase_two_has_arrived_the_same_images_can_be_moved(page, shot):
    timeline = Timeline(shot)
    timeline.wake()
    shot.read_links()
    (told,) = news(page, timeline)
    assert told["phase"] == 2
    assert [row["id"] for row in told["added"]] == shot.ids
    assert len(told["gone"]) == 4
    assert page.ask(timeline, "move", id=shot.ids[0], frame=5, version=told["version"])["ok"]


def test_a_failed_phase_two_is_told_and_may_be_tried_again(page, shot):
    timeline = Timeline(shot)
    timeline.wake()
    shot.failure = NotPermittedError("You may not read the links.")
    shot.changed()
    assert timeline.state["problem"] == {
        "kind": "NotPermittedError",
        "message": "You may not read the links.",
    }
    assert timeline.state["phase"] == 1
    page.ask(timeline, "retry")
    assert timeline.state["problem"] is None
    assert timeline.state["phase"] == 2


def test_a_later_read_that_fails_leaves_what_was_read_and_says_so(page, shot, timeline):
    shot.failure = ConnectionLostError("The server went away.")
    shot.changed()
    assert timeline.state["problem"]["kind"] == "ConnectionLostError"
    assert timeline.state["phase"] == 2
    assert len(timeline.state["rows"]) == 4
    assert isinstance(timeline.last_error, ConnectionLostError)


CHANGES = [
    ("move", {"id": 0, "frame": 100}, [100, 81, 162, None]),
    ("move_to", {"ids": [2], "before": 1}, [0, 81, 40, None]),
    ("move_to", {"ids": [0, 1], "before": None}, [243, 324, 162, None]),
    ("shift", {"ids": [1, 2], "delta": -40}, [0, 41, 122, None]),
    ("place", {"id": 3, "frame": 20}, [0, 81, 162, 20]),
    ("place", {"id": 3}, [0, 81, 162, 243]),
    ("unplace", {"id": 2}, [0, 81, None, None]),
    ("initialize", {}, [0, 81, 162, 243]),
    ("normalize", {}, [0, 81, 162, None]),
]


def with_ids(shot, args):
    """The arguments with the ids of the links that they number."""
    number = {name: value for name, value in args.items() if name in {"id", "before"} and value is not None}
    ids = {"ids": [shot.ids[each] for each in args["ids"]]} if "ids" in args else {}
    return args | {name: shot.ids[value] for name, value in number.items()} | ids


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_each_change_that_a_page_proposes_comes_back_as_stored_in_its_one_reply(page, shot, timeline, change):
    kind, args, expected = change
    before, sent = frames(timeline), len(page.messages(timeline))
    reply = page.ask(timeline, kind, version=timeline.state["version"], **with_ids(shot, args))
    assert len(page.messages(timeline)) == sent + 1
    assert page.updates(timeline) == []
    assert [shot.frames[id_] for id_ in shot.ids] == expected
    assert frames(timeline) == shot.frames
    told = {id_: row["timeline_frame"] for id_, row in reply["news"].get("changed", {}).items()}
    assert told == {id_: at for id_, at in shot.frames.items() if at != before[id_]}
    assert reply["version"] == timeline.state["version"]


def test_a_prompt_is_written_where_the_pair_begins(page, shot, timeline):
    reply = page.ask(
        timeline, "set_prompts", id=shot.ids[0], prompt="she turns", version=timeline.state["version"]
    )
    assert reply["news"]["changed"] == {shot.ids[0]: {"prompt": "she turns"}}


def test_undo_and_redo_are_told_like_any_change(page, shot, timeline):
    page.ask(timeline, "move", id=shot.ids[0], frame=100, version=timeline.state["version"])
    assert page.ask(timeline, "undo")["news"]["changed"] == {shot.ids[0]: {"timeline_frame": 0}}
    assert page.ask(timeline, "redo")["news"]["changed"] == {shot.ids[0]: {"timeline_frame": 100}}
    assert "nothing to take back" in page.ask(timeline, "redo")["error"]["message"]


def test_a_change_made_elsewhere_appears_by_itself_as_what_differs(page, shot, timeline):
    before = len(news(page, timeline))
    shot.frames[shot.ids[1]] = 90
    shot.changed()
    shot.changed()
    (told,) = news(page, timeline)[before:]
    assert told["changed"] == {shot.ids[1]: {"timeline_frame": 90}}
    assert told["after"] == told["revision"] - 1
    assert "added" not in told


def test_a_change_on_another_thread_is_told_too(page, shot, timeline):
    shot.frames[shot.ids[1]] = 90
    thread = threading.Thread(target=shot.changed)
    thread.start()
    thread.join()
    assert news(page, timeline)[-1]["changed"] == {shot.ids[1]: {"timeline_frame": 90}}


def test_a_stale_drag_is_refused_with_both_orders_and_may_be_applied_to_todays(page, shot, timeline):
    seen = timeline.state["version"]
    shot.frames[shot.ids[1]] = 90
    shot.frames[shot.ids[3]] = 300
    shot.changed()
    reply = page.ask(timeline, "move", id=shot.ids[0], frame=5, version=seen)
    assert reply["error"]["kind"] == "StaleShotError"
    assert reply["error"]["differ"] == [
        {"id": shot.ids[1], "seen": 81, "found": 90},
        {"id": shot.ids[3], "seen": None, "found": 300},
    ]
    assert shot.frames[shot.ids[0]] == 0
    again = page.ask(timeline, "move", id=shot.ids[0], frame=5, version=seen, rebase=True)
    assert again["ok"]
    assert shot.frames[shot.ids[0]] == 5


def test_an_order_of_long_ago_is_refused_as_stale(page, shot, timeline):
    reply = page.ask(timeline, "move", id=shot.ids[0], frame=5, version="unknown")
    assert reply["error"]["kind"] == "StaleShotError"
    assert not shot.called


def test_one_drag_after_the_other_goes_on_the_order_that_the_first_led_to(page, shot, timeline):
    first = page.ask(timeline, "move", id=shot.ids[0], frame=5, version=timeline.state["version"])
    assert page.ask(timeline, "move", id=shot.ids[1], frame=85, version=first["version"])["ok"]


@pytest.mark.parametrize(
    "error",
    [
        InvalidChangeError("A frame is negative."),
        NotPermittedError("You may not."),
        WriteNotStoredError("The database kept 0."),
        ConnectionLostError("It is not known whether it was stored."),
        ZeroDivisionError("a bug"),
    ],
)
@pytest.mark.parametrize("kind", ["move", "unplace", "place"])
def test_a_refusal_is_the_one_reply_and_nothing_moves(page, shot, timeline, error, kind):
    shot.refuse = error
    reply = page.ask(
        timeline,
        kind,
        id=shot.ids[0],
        version=timeline.state["version"],
        **({"frame": 3} if kind == "move" else {}),
    )
    assert reply["error"] == {"kind": type(error).__name__, "message": str(error)}
    assert timeline.last_error is error
    assert frames(timeline) == shot.frames


def test_an_interrupt_during_a_change_is_told_raised_and_leaves_it_usable(page, shot, timeline):
    shot.refuse = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        page.ask(timeline, "unplace", id=shot.ids[0], version=timeline.state["version"])
    assert page.messages(timeline)[-1][0]["error"]["kind"] == "KeyboardInterrupt"
    assert page.ask(timeline, "unplace", id=shot.ids[0], version=timeline.state["version"])["ok"]
    shot.frames[shot.ids[1]] = 90
    shot.changed()
    assert frames(timeline) == shot.frames


@pytest.mark.parametrize(
    "args",
    [
        {"id": "nobody", "frame": 3},
        {"id": None, "frame": 3},
        {"id": {"a": 1}, "frame": 3},
        {"frame": 3},
        {"frame": -1},
        {"frame": 1.5},
        {"frame": "3"},
        {"frame": 2**40},
        {"frame": None},
    ],
)
def test_nonsense_is_refused_in_words(page, shot, timeline, args):
    args = {"id": shot.ids[0]} | args if "id" not in args and args != {"frame": 3} else args
    reply = page.ask(timeline, "move", version=timeline.state["version"], **args)
    assert reply["error"]["kind"] == "InvalidChangeError"
    assert frames(timeline) == shot.frames


def test_a_place_before_what_is_not_there_is_refused(page, shot, timeline):
    version = timeline.state["version"]
    for before in (shot.ids[3], "nobody", 5):
        reply = page.ask(timeline, "move_to", ids=shot.ids[:1], before=before, version=version)
        assert "is not on the timeline" in reply["error"]["message"]


def test_a_page_that_missed_news_gets_the_whole_state(page, shot, timeline):
    assert page.ask(timeline, "whole")["state"] == timeline.state


def test_a_page_that_is_new_asks_once_and_gets_the_state_only_if_it_is_behind(page, shot, timeline):
    revision = timeline.state["revision"]
    assert "state" not in page.ask(timeline, "whole", revision=revision)
    assert page.ask(timeline, "whole", revision=revision - 1)["state"] == timeline.state


def test_what_one_page_learns_by_asking_is_told_to_the_others(page, shot, timeline):
    with timeline._turns.held():
        shot.frames[shot.ids[1]] = 50
        shot.changed()
        sent = len(page.messages(timeline))
        assert page.ask(timeline, "whole")["state"]["rows"][1]["timeline_frame"] == 50
        assert [told.get("type") for told, _ in page.messages(timeline)[sent:]] == ["news", None]


def test_a_drag_on_a_thousand_is_one_proposal_and_one_reply_below_two_kilobytes(page):
    shot = FakeShot(1000, 0)
    timeline = Timeline(shot)
    timeline.wake()
    shot.read_links()
    version = timeline.state["version"]
    for kind, args in (
        ("move", {"id": shot.ids[500], "frame": 7}),
        ("move_to", {"ids": [shot.ids[10]], "before": shot.ids[900]}),
        ("move_to", {"ids": shot.ids[20:30], "before": None}),
    ):
        sent = len(page.messages(timeline))
        proposal = {"id": "0123456789:12", "type": kind, "args": {**args, "version": version}}
        reply = page.ask(timeline, kind, **args, version=version)
        assert len(page.messages(timeline)) == sent + 1
        assert size(proposal) < 2000
        assert size(reply) < 2000
        version = reply["version"]
    shot.frames = {id_: (at or 0) + 1 for id_, at in shot.frames.items()}
    stale = page.ask(timeline, "move", id=shot.ids[500], frame=9, version=version)
    assert stale["error"]["differing"] == 1000
    assert size(stale) < 2000


def test_the_state_that_is_saved_holds_no_address_at_all(page, shot, timeline):
    saved = json.dumps({**page.opened(timeline), **timeline.get_state("state")}, default=str)
    assert "SECRET" not in saved
    assert "/storage/" not in saved


def test_what_is_observed_ends_with_the_view(page, shot, timeline):
    assert len(shot.watching) == 1
    timeline.close()
    assert shot.watching == []


def test_edits_that_are_under_way_in_python_are_told(page, shot, timeline):
    shot.pending = ("move",)
    shot.changed()
    assert timeline.state["pending"] == ["move"]


def test_the_repr_names_the_shot_and_no_address_in_memory(page, shot):
    assert repr(Timeline(shot)) == "<Timeline of 'Opening'>"


def test_unknown_words_are_refused(page, shot):
    with pytest.raises(ConfigurationError, match="did you mean 'mode'"):
        Timeline(shot, modus="strip")
    with pytest.raises(ConfigurationError, match="has no mode 'list'"):
        Timeline(shot, mode="list")
    assert Timeline(shot, mode="strip").state["mode"] == "strip"


def test_a_saved_notebook_has_a_sheet_of_it(timeline):
    data, metadata = timeline._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"]["alt"] == f"{timeline.shot.name}, {len(timeline.state['rows'])} images"
