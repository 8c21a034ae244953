"""The lightbox: the images of a shot by frame, and what is known of one when the page asks."""

import json

import pytest

from shotkit.errors import ConfigurationError, NotFoundError, NotPermittedError
from shotkit.widgets.lightbox import Lightbox
from tests.widgets.handles import FakeShot


@pytest.fixture
def shot():
    return FakeShot()


@pytest.fixture
def view(page, shot):
    return Lightbox(shot)


def test_it_shows_the_images_by_frame_without_an_address(view):
    assert [(row["generation_id"], row["timeline_frame"]) for row in view.state["images"]] == [
        ("g1", 0), ("g2", 81), ("g3", None),
    ]  # fmt: skip
    assert "example.org" not in json.dumps(view.get_state(), default=str)


def test_it_begins_with_the_generation_asked_for(page, shot):
    assert Lightbox(shot, start="g2").state["start"] == "g2"
    with pytest.raises(NotFoundError, match="'g9' is not in shot"):
        Lightbox(shot, start="g9")


def test_what_is_known_of_an_image_comes_when_the_page_asks(page, view):
    reply = page.ask(view, "details", generation_id="g1")
    assert reply["details"] == {
        "name": "a name", "type": "image", "created_at": "2026-11-21T10:00:00+00:00", "starred": False,
        "prompt": "a <b>prompt</b>", "seed": 7,
        "address": "https://example.org/storage/v1/object/sign/image_uploads/g1.png",
    }  # fmt: skip
    assert [(row["relation"], row["generation_id"]) for row in reply["lineage"]] == [
        ("source", "g0"),
        ("self", "g1"),
    ]
    assert [row["id"] for row in reply["variants"]] == ["v1", "v2", "v3"]
    assert "SECRET" not in json.dumps(reply)
    assert "prompt" not in json.dumps(view.get_state()["state"])


def test_the_pictures_of_its_lineage_can_be_asked_for(page, view):
    key = page.ask(view, "details", generation_id="g1")["lineage"][0]["picture"]
    assert page.ask(view, "pictures", keys=[key], size="full")["pictures"][0]["state"] == "remote"


def test_a_generation_that_is_gone_is_the_one_reply(page, view):
    assert page.ask(view, "details", generation_id="unknown")["error"]["kind"] == "NotFoundError"


def test_whatever_a_handle_raises_is_the_one_reply(page, shot, view):
    def broken(generation_id):
        raise RuntimeError("boom")

    shot.generation = broken
    assert page.ask(view, "details", generation_id="g1")["error"]["message"] == "boom"


def test_a_change_made_elsewhere_is_shown(view, shot):
    view.wake()
    shot.given.pop()
    shot.tell()
    assert len(view.state["images"]) == 2


def test_rows_on_their_way_are_waited_for(view, shot):
    view.wake()
    shot.given.pop()
    shot.tell(is_fetching=True)
    shot.tell(data=None)
    assert len(view.state["images"]) == 3


def test_rows_that_cannot_be_read_are_told_and_those_of_before_stay(page, view, shot):
    view.wake()
    shot.tell(error=NotPermittedError("gone"))
    assert view.state["error"]["message"] == "gone"
    shot.failure = NotPermittedError("still gone")
    assert page.ask(view, "refresh")["ok"]
    assert view.state["error"]["message"] == "still gone"
    assert len(view.state["images"]) == 3


def test_refresh_lets_the_shot_forget_first(page, view, shot):
    shot.refresh = shot.given.clear
    page.ask(view, "refresh")
    assert (view.state["images"], view.state["error"]) == ([], None)


def test_a_misspelt_keyword_is_refused(page, shot):
    with pytest.raises(ConfigurationError, match="did you mean 'start'"):
        Lightbox(shot, strat="g1")


def test_a_saved_notebook_has_a_sheet_by_frame_without_an_address(view):
    data, metadata = view._repr_mimebundle_()
    assert data["text/plain"] == "<Lightbox>"
    assert metadata["image/png"]["alt"] == "a <i>shot</i>, 3 images"
    assert "example.org" not in json.dumps([data, metadata])
