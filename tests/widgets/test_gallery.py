"""The gallery: pages of what its filters leave, a selection that Python can read, and a way into a shot."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit.errors import (
    ConfigurationError,
    InvalidChangeError,
    NotFoundError,
    NotPermittedError,
    ReadOnlyError,
)
from shotkit.widgets.gallery import MOST_ADDED, MOST_ITEMS, Gallery
from shotkit.widgets.gallery_selection import Selection
from tests.widgets.handles import FakeKit, FakeShot
from tests.widgets.page import size


@pytest.fixture
def shot():
    return FakeShot()


@pytest.fixture
def view(page, shot):
    return Gallery(shot)


def select(page, view, mode, start, stop):
    return page.ask(view, "select", version=view.state["version"], mode=mode, start=start, stop=stop)


def test_its_state_counts_and_holds_no_image_and_no_address(view):
    assert (view.state["total"], view.state["selected"], view.state["ranges"]) == (30, 0, [])
    assert view.state["shots"] == [{"id": "s1", "name": "a <i>shot</i>", "project": None}]
    assert "example.org" not in json.dumps(view.get_state(), default=str)
    assert "g7" not in json.dumps(view.state)


def test_a_page_of_it_has_the_items_asked_for(page, view):
    reply = page.ask(view, "page", version=0, start=28, count=10)
    assert [item["generation_id"] for item in reply["items"]] == ["g28", "g29"]
    assert reply["items"][0].keys() == {
        "generation_id", "name", "type", "created_at", "starred", "is_video", "derived_count",
        "unviewed_count", "picture",
    }  # fmt: skip
    assert "example.org" not in json.dumps(reply)


@pytest.mark.parametrize(
    ("start", "count", "expected"), [(-5, 3, ["g0", "g1", "g2"]), (40, 3, []), (0, -1, [])]
)
def test_a_page_outside_is_cut_to_what_there_is(page, view, start, count, expected):
    items = page.ask(view, "page", version=0, start=start, count=count)["items"]
    assert [item["generation_id"] for item in items] == expected


def test_a_page_of_10_000_is_bounded(page):
    view = Gallery(FakeShot(10_000))
    reply = page.ask(view, "page", version=0, start=0, count=10_000)
    assert len(reply["items"]) == MOST_ITEMS
    assert size(view.state) < 2_000


def test_a_page_of_a_listing_that_is_gone_is_empty_and_names_the_one_of_today(page, view):
    page.ask(view, "filter", starred=True)
    reply = page.ask(view, "page", version=0, start=0, count=5)
    assert (reply["version"], reply["items"]) == (1, [])


def test_the_filters_are_those_of_the_kit(page, shot, view):
    wanted = {
        "media_type": "image", "starred": True, "edits_only": True, "shot": "s1", "unpositioned": True,
        "prompt": "50%", "children": True, "parent": "g1",
    }  # fmt: skip
    page.ask(view, "filter", **wanted, in_no_shot=False)
    assert shot.filters[-1] == wanted
    assert (view.state["total"], view.state["version"], view.state["filters"]) == (3, 1, wanted)


def test_a_filter_that_is_refused_leaves_the_listing_as_it_was(page, shot, view):
    def refuse(**filters):
        raise ConfigurationError("unpositioned asks where a generation is in a shot; give shot too.")

    shot.gallery = refuse
    before = view.state
    assert page.ask(view, "filter", unpositioned=True)["error"]["kind"] == "ConfigurationError"
    assert view.state == before


@pytest.mark.parametrize("request_", ["filter", "refresh"])
@pytest.mark.parametrize("error", [ReadOnlyError(), RuntimeError("boom")])
def test_rows_that_cannot_be_read_are_the_one_reply(page, shot, view, request_, error):
    def broken(**filters):
        raise error

    shot.gallery = broken
    assert page.ask(view, request_)["error"]["kind"] == type(error).__name__


def test_what_is_selected_on_the_page_is_read_in_python(page, view):
    select(page, view, "only", 2, 5)
    select(page, view, "add", 7, 8)
    select(page, view, "toggle", 3, 4)
    assert view.selected == ["g2", "g4", "g7"]
    assert view.state["ranges"] == [[2, 2], [4, 4], [7, 7]]
    select(page, view, "remove", 0, 30)
    assert (view.selected, view.state["selected"]) == ([], 0)


def test_selecting_all_of_10_000_is_a_small_message(page):
    view = Gallery(FakeShot(10_000))
    select(page, view, "add", 0, 10_000)
    assert len(view.selected) == 10_000
    assert view.state["ranges"] == [[0, 9999]]
    assert size(page.updates(view)[-1]) < 2_000


def test_a_selection_in_a_list_that_became_another_means_what_the_page_saw(page, shot, view):
    shot.first = 5
    page.ask(view, "refresh")
    assert view.state["version"] == 1
    page.ask(view, "select", version=0, mode="only", start=5, stop=7)
    assert view.selected == ["g5", "g6"]
    assert view.state["ranges"] == [[0, 1]]


def test_a_selection_in_a_list_of_long_ago_is_refused(page, view):
    for starred in (True, False) * 3:
        page.ask(view, "filter", starred=starred)
    reply = page.ask(view, "select", version=0, mode="only", start=0, stop=2)
    assert reply["error"]["message"] == "The list is another by now; select again in the new one."


def test_an_unknown_way_to_select_is_refused(page, view):
    assert select(page, view, "all", 0, 2)["error"]["kind"] == "InvalidChangeError"


def test_python_selects_too_and_the_page_is_told(page, view):
    view.selected = ["g3", "g1", "g3"]
    assert view.selected == ["g3", "g1"]
    assert page.updates(view)[-1]["state"]["ranges"] == [[1, 1], [3, 3]]


def test_python_cannot_select_what_is_not_listed(view):
    view.selected = ["g1"]
    with pytest.raises(NotFoundError, match="1 of 2 are not listed in this gallery, the first is 'x'"):
        view.selected = ["g1", "x"]
    assert view.selected == ["g1"]


def test_changing_the_list_handed_out_selects_nothing(view):
    view.selected.append("g1")
    assert view.selected == []


def test_a_selection_outlives_a_filter(page, view):
    view.selected = ["g1", "g20"]
    page.ask(view, "filter", starred=True)
    assert (view.selected, view.state["selected"], view.state["ranges"]) == (["g1", "g20"], 2, [[1, 1]])
    view.selected = [*view.selected, "g2"]
    assert view.selected == ["g1", "g20", "g2"]


def test_what_is_selected_is_added_to_the_shot_and_then_no_longer_selected(page, shot, view):
    view.selected = ["g3", "g1"]
    reply = page.ask(view, "add", shot_id="s1", positioned=False)
    assert shot.added == [("g3", False, True), ("g1", False, True)]
    assert (reply["added"], reply["of"], reply["refused"]) == (2, 2, None)
    assert view.selected == []


@pytest.mark.parametrize("error", [NotPermittedError("not yours"), RuntimeError("boom")])
def test_what_was_refused_and_what_came_after_it_stays_selected(page, shot, view, error):
    shot.refuses["g2"] = error
    view.selected = ["g1", "g2", "g3"]
    reply = page.ask(view, "add", shot_id="s1")
    assert (reply["added"], reply["of"], reply["refused"]["message"]) == (1, 3, str(error))
    assert view.selected == ["g2", "g3"]
    assert view.last_error is error


def test_adding_reads_again_what_is_filtered_by_shots(page, shot, view):
    page.ask(view, "filter", in_no_shot=True)
    view.selected = ["g1"]
    shot.first = 1
    page.ask(view, "add", shot_id="s1")
    assert view.state["version"] == 2


def test_nothing_and_too_much_are_not_added(page, shot):
    view = Gallery(FakeShot(10_000))
    assert page.ask(view, "add", shot_id="s1")["error"]["kind"] == "InvalidChangeError"
    select(page, view, "add", 0, MOST_ADDED + 1)
    assert "501 are selected" in page.ask(view, "add", shot_id="s1")["error"]["message"]


def test_the_gallery_of_a_shot_adds_to_no_other(page, view):
    view.selected = ["g1"]
    assert page.ask(view, "add", shot_id="s2")["error"]["kind"] == "NotFoundError"


def test_the_gallery_of_a_kit_lists_its_project_and_adds_to_the_shot_chosen(page):
    kit = FakeKit()
    view = Gallery(kit, project="film")
    assert kit.asked == [("film", {})]
    assert [shot["name"] for shot in view.state["shots"]] == ["shot s1", "shot s2"]
    view.selected = ["g1"]
    page.ask(view, "add", shot_id="s2")
    assert (kit.one.added, kit.two.added) == ([], [("g1", True, True)])


def test_the_gallery_of_a_kit_lists_one_of_its_projects_when_asked(page):
    kit = FakeKit()
    view = Gallery(kit)
    assert [project["id"] for project in view.state["projects"]] == ["p", "q"]
    page.ask(view, "filter", project="q", starred=True)
    assert kit.asked[-1] == ("q", {"starred": True})
    of_one = Gallery(kit, "p")
    assert of_one.state["projects"] == []
    page.ask(of_one, "filter", project="q")
    assert kit.asked[-1] == ("p", {})


def test_a_misspelt_keyword_is_refused(page, shot):
    with pytest.raises(ConfigurationError, match="did you mean 'project'"):
        Gallery(shot, projekt="film")


def test_a_saved_notebook_has_a_sheet_of_the_first_without_an_address(view):
    data, metadata = view._repr_mimebundle_()
    assert data["text/plain"] == "<Gallery>"
    assert metadata["image/png"]["alt"] == "gallery for a <i>shot</i>, 30 images"
    assert "example.org" not in json.dumps([data, metadata])


@given(st.lists(st.integers(0, 40)), st.integers(0, 40))
def test_ranges_hold_exactly_the_places_selected(places, total):
    selection = Selection()
    selection.put("add", (str(place) for place in places))
    ranges = selection.ranges([str(place) for place in range(total)])
    inside = [place for first, last in ranges for place in range(first, last + 1)]
    assert inside == sorted({place for place in places if place < total})
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))


@given(st.lists(st.tuples(st.sampled_from(["only", "add", "remove", "toggle"]), st.sets(st.integers(0, 9)))))
def test_a_selection_is_the_set_that_its_steps_come_to(steps):
    selection, expected = Selection(), set()
    for mode, ids in steps:
        selection.put(mode, [str(id_) for id_ in ids])
        expected = {"only": ids, "add": expected | ids, "remove": expected - ids, "toggle": expected ^ ids}[
            mode
        ]
    assert sorted(selection.ids) == sorted(map(str, expected))
    assert len(selection) == len(expected)


def test_an_unknown_mode_changes_nothing():
    selection = Selection()
    selection.put("add", ["a"])
    with pytest.raises(InvalidChangeError, match="found 'all'"):
        selection.put("all", ["b"])
    assert selection.ids == ["a"]


def shown(page, shot, **filters):
    """A gallery on a page, which watches its listing."""
    view = Gallery(shot)
    page.ask(view, "filter", **filters)
    return view


def test_what_changed_elsewhere_is_shown_and_what_did_not_is_not_told_again(page, shot):
    view = shown(page, shot)
    before = view.state["version"]
    shot.listings[-1].tell()
    assert view.state["version"] == before
    shot.first = 2
    shot.listings[-1].tell()
    assert (view.state["version"], view.state["total"]) == (before + 1, 28)
    assert page.ask(view, "page", version=before + 1, start=0, count=1)["items"][0]["generation_id"] == "g2"


def test_what_is_selected_stays_selected_where_it_stands_now(page, shot):
    view = shown(page, shot)
    select(page, view, "only", 3, 5)
    shot.first = 2
    shot.listings[-1].tell()
    assert view.selected == ["g3", "g4"]
    assert view.state["ranges"] == [[1, 2]]


def test_what_was_deleted_is_selected_no_more_and_what_a_filter_left_out_stays_so(page, shot):
    view = shown(page, shot)
    select(page, view, "only", 0, 6)
    page.ask(view, "filter", starred=True)
    shot.listings[-1].deleted = {"g4"}
    shot.first = 1
    shot.listings[-1].tell()
    assert view.selected == ["g0", "g1", "g2", "g3", "g5"]
    assert view.state["selected"] == 5


@pytest.mark.parametrize("handle", [FakeKit, FakeShot])
def test_what_is_known_of_an_image_comes_when_the_page_asks(page, handle):
    view = Gallery(handle())
    reply = page.ask(view, "details", generation_id="g1")
    assert (reply["details"]["prompt"], reply["details"]["seed"]) == ("a <b>prompt</b>", 7)
    assert [row["id"] for row in reply["variants"]] == ["v1", "v2", "v3"]
    assert "SECRET" not in json.dumps(reply)
    key = reply["lineage"][0]["picture"]
    assert page.ask(view, "pictures", keys=[key], size="full")["pictures"][0]["state"] == "remote"
    assert page.ask(view, "details", generation_id="unknown")["error"]["kind"] == "NotFoundError"


def test_a_new_shot_can_be_chosen(page, shot):
    view = shown(page, shot)
    shot.name = "renamed"
    shot.listings[-1].tell()
    assert [each["name"] for each in view.state["shots"]] == ["renamed"]


def test_where_images_of_a_list_stand_in_the_one_of_today(page, shot):
    view = shown(page, shot)
    before = view.state["version"]
    shot.first = 2
    shot.listings[-1].tell()
    reply = page.ask(view, "places", version=before + 1, of=before, places=[0, 2, 29, 30, -1])
    assert reply["places"] == [None, 0, 27, None, None]


def test_news_of_a_listing_that_is_shown_no_more_are_not_heard(page, shot):
    view = shown(page, shot)
    old = shot.listings[-1]
    page.ask(view, "filter", starred=True)
    assert [watch.ended for watch in old.observers] == [True]
    assert [watch.ended for watch in shot.listings[-1].observers] == [False]


def test_rows_that_could_not_be_read_again_are_told_until_they_can(page, shot):
    view = shown(page, shot)
    shot.listings[-1].tell(error=ReadOnlyError())
    assert view.state["error"]["kind"] == "ReadOnlyError"
    assert view.state["total"] == 30
    shot.listings[-1].tell()
    assert view.state["error"] is None
    shot.gallery = lambda **_: (_ for _ in ()).throw(NotPermittedError())
    shot.listings[-1].tell()
    assert view.state["error"]["kind"] == "NotPermittedError"


def test_a_gallery_that_is_closed_watches_no_more(page, shot):
    view = shown(page, shot)
    view.close()
    assert [watch.ended for watch in shot.listings[-1].observers] == [True]
