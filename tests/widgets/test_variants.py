"""The view of a generation's variants: what it shows, and that every request gets exactly one reply."""

import json
from base64 import b64decode
from types import SimpleNamespace

import pytest

from shotkit.errors import ConfigurationError, InvalidChangeError, NotPermittedError, ReadOnlyError
from shotkit.widgets.variants import Variants
from tests.widgets.handles import FakeGeneration
from tests.widgets.page import size

REQUESTS = [
    ("make_primary", {"variant_id": "v2"}, ("make_primary", "v2")),
    ("star", {"variant_id": "v2", "starred": False}, ("star", "v2", False)),
    ("view", {"variant_id": "v2"}, ("viewed", "v2")),
    ("delete", {"variant_id": "v2"}, ("delete_variant", "v2", True)),
    ("delete", {"variant_id": "v2", "confirmed": True}, ("delete_variant", "v2", False)),
]


@pytest.fixture
def gen():
    return FakeGeneration()


@pytest.fixture
def view(page, gen):
    return Variants(gen)


def shown(view):
    return {row["id"]: row for row in view.state["variants"]}


def test_it_shows_type_name_age_star_and_what_is_new(view):
    assert list(shown(view)) == ["v1", "v2", "v3"]
    second = shown(view)["v2"]
    assert (second["name"], second["variant_type"], second["starred"]) == ("second", "upscaled", True)
    assert second["created_at"] == "2026-11-21T10:00:00+00:00"
    assert [row["is_new"] for row in shown(view).values()] == [False, True, False]
    assert [row["is_primary"] for row in shown(view).values()] == [True, False, False]
    assert shown(view)["v3"]["is_video"]


def test_no_address_is_in_its_state(view):
    assert "example.org" not in json.dumps(view.get_state(), default=str)


def test_the_address_with_its_token_goes_to_the_page_when_it_asks(page, view):
    (picture,) = page.ask(view, "pictures", keys=[shown(view)["v1"]["picture"]])["pictures"]
    assert (picture["state"], picture["url"][-13:]) == ("remote", "?token=SECRET")


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_is_answered_once_by_the_call_it_stands_for(page, view, gen, request_):
    kind, args, call = request_
    reply = page.ask(view, kind, **args)
    assert gen.calls == [call]
    assert reply["ok"]
    assert size(reply) < 2_000


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("error", [NotPermittedError("no, you"), ReadOnlyError(), RuntimeError("boom")])
def test_what_the_handle_raises_is_the_one_reply(page, gen, view, request_, error):
    kind, args, _ = request_
    gen.raises = error
    before = view.state
    reply = page.ask(view, kind, **args)
    assert reply["error"]["kind"] == type(error).__name__
    assert str(error) in reply["error"]["message"]
    assert view.last_error is error
    assert view.state == before


def test_a_variant_made_primary_is_shown_as_it(page, view):
    assert page.ask(view, "make_primary", variant_id="v2")["done"] == "gen.make_primary('v2')"
    assert [row["is_primary"] for row in shown(view).values()] == [False, True, False]


def test_deleting_says_first_what_would_be_left_and_deletes_when_confirmed(page, view):
    asked = page.ask(view, "delete", variant_id="v1")
    assert (asked["left"], asked["primary"]) == (2, "v2")
    assert len(shown(view)) == 3
    page.ask(view, "delete", variant_id="v1", confirmed=True)
    assert list(shown(view)) == ["v2", "v3"]


def test_deleting_the_last_one_says_that_nothing_is_left(page, view, gen):
    gen.rows = gen.rows[:1]
    gen.delete_variant = lambda *_, **__: SimpleNamespace(after=gen.variants().head(0))
    asked = page.ask(view, "delete", variant_id="v1")
    assert (asked["left"], asked["primary"]) == (0, None)


def test_a_change_made_elsewhere_is_shown(view, gen):
    view.wake()
    gen.rows[1]["name"] = "renamed"
    gen.tell()
    assert shown(view)["v2"]["name"] == "renamed"


def test_nothing_is_read_while_the_rows_are_on_their_way(view, gen):
    view.wake()
    gen.rows[1]["name"] = "renamed"
    gen.tell(data=None)
    gen.tell(is_fetching=True)
    assert shown(view)["v2"]["name"] == "second"


def test_rows_that_cannot_be_read_are_told_and_those_of_before_stay(page, view, gen):
    view.wake()
    gen.tell(error=NotPermittedError("gone https://example.org/?token=SECRET"))
    assert view.state["error"] == {"kind": "NotPermittedError", "message": "gone https://example.org/"}
    assert len(shown(view)) == 3
    gen.tell()
    assert view.state["error"] is None


def test_a_failed_reading_after_a_change_does_not_unsay_the_change(page, view, gen):
    def broken():
        raise InvalidChangeError("unreadable")

    gen.variants = broken
    assert page.ask(view, "star", variant_id="v2", starred=True)["ok"]
    assert view.state["error"]["message"] == "unreadable"


def test_an_older_reading_does_not_cover_a_newer_one(view, gen):
    newest = gen.variants

    def slow():
        gen.variants = newest
        gen.rows[1]["name"] = "newer"
        old = newest().head(1)
        view._show()
        return old

    gen.variants = slow
    view._show()
    assert shown(view)["v2"]["name"] == "newer"


def test_refresh_lets_the_handle_forget_first(page, view, gen):
    gen.refresh = gen.rows.pop
    page.ask(view, "refresh")
    assert len(shown(view)) == 2


def test_a_misspelt_keyword_is_refused(page, gen):
    with pytest.raises(ConfigurationError, match="takes no 'compere'"):
        Variants(gen, compere=True)


def test_it_ends_its_watch_when_closed(view, gen):
    view.wake()
    view.close()
    assert [watch.ended for watch in gen.observers] == [True]


def test_a_saved_notebook_has_a_sheet_of_them_without_an_address(view):
    data, metadata = view._repr_mimebundle_()
    assert data["text/plain"] == "<Variants>"
    assert b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "variants of a generation (3)"
    assert "example.org" not in json.dumps([data, metadata])
