"""The timeline in a real browser: what is done on the page is what the database holds."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.timeline import frames_stored, shown

# A page has no other way to say that it has drawn what it wished to draw.
_DRAWN = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}"""


@pytest.fixture
def timeline(notebook, database):
    return shown(notebook, database)


@pytest.fixture
def ids(stored):
    """The links on the timeline, in order, at 0, 81, 138, 219, 268, 329 ..."""
    return [id_ for id_, frame in frames_stored(stored).items() if frame is not None]


def test_a_drag_by_mouse_is_stored_where_it_was_dropped(timeline, stored, ids):
    a_frame = timeline.pixels(ids[0], ids[1], 81)
    timeline.drag(ids[1], 20 * a_frame)
    timeline.saved(ids[1])
    assert frames_stored(stored)[ids[1]] == 101
    timeline.at(ids[1], 101)


def test_a_drag_by_a_finger_is_stored(timeline, stored, ids):
    timeline.swipe(ids[1], 20 * timeline.pixels(ids[0], ids[1], 81))
    timeline.saved(ids[1])
    assert frames_stored(stored)[ids[1]] == 101


def test_a_drag_past_others_changes_their_order(timeline, stored, ids):
    timeline.drag(ids[0], 300)
    timeline.saved(ids[0])
    assert list(frames_stored(stored))[:3] == [ids[1], ids[2], ids[0]]


def test_several_are_dragged_by_as_many_frames_each(timeline, stored, ids):
    before = frames_stored(stored)
    a_frame = timeline.pixels(ids[0], ids[1], 81)
    timeline.item(ids[1]).click()
    timeline.item(ids[3]).click(modifiers=["Control"])
    timeline.drag(ids[3], 20 * a_frame)
    timeline.saved(ids[3])
    assert frames_stored(stored) == before | {id_: before[id_] + 20 for id_ in (ids[1], ids[3])}
    timeline.root.get_by_label("Frame", exact=True).fill("90")
    timeline.press("Set")
    timeline.at(ids[3], before[ids[3]] + 9)
    timeline.saved(ids[3])
    item = timeline.item(ids[3])
    for key in ("Space", "Shift+ArrowLeft", "ArrowRight", "Space"):
        item.press(key)
    timeline.saved(ids[3])
    timeline.at(ids[3], before[ids[3]])
    assert frames_stored(stored) == before


def test_a_drag_into_the_tray_takes_it_off_the_timeline(timeline, stored, ids):
    timeline.drag(ids[2], 0, down=270)
    expect(timeline.root.locator(".sk-tray").get_by_role("option")).to_have_count(5)
    timeline.saved(ids[2])
    assert frames_stored(stored)[ids[2]] is None


def test_a_lift_a_move_and_a_drop_by_keys_are_stored(timeline, stored, ids):
    item = timeline.item(ids[1])
    item.focus()
    item.press("Space")
    timeline.said("Lifted")
    for key in ("Shift+ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        item.press(key)
    timeline.at(ids[1], 92)
    assert frames_stored(stored)[ids[1]] == 81
    item.press("Space")
    timeline.saved(ids[1])
    assert frames_stored(stored)[ids[1]] == 92
    expect(item).to_be_focused()


def test_escape_puts_it_back_and_proposes_nothing(timeline, stored, ids):
    before = frames_stored(stored)
    item = timeline.item(ids[1])
    item.focus()
    item.press("Space")
    item.press("End")
    item.press("Escape")
    timeline.said("Cancelled")
    timeline.at(ids[1], 81)
    assert frames_stored(stored) == before
    assert timeline.notebook.wire.proposals == []


def test_the_buttons_do_what_a_drag_does(timeline, stored, ids):
    timeline.item(ids[0]).click()
    timeline.press("Move right")
    timeline.saved(ids[0])
    assert list(frames_stored(stored))[:2] == [ids[1], ids[0]]
    timeline.press("Take off")
    expect(timeline.root.locator(f".sk-tray [data-id='{ids[0]}']")).to_have_attribute("data-status", "saved")
    assert frames_stored(stored)[ids[0]] is None
    timeline.press("Place")
    expect(timeline.root.locator(f".sk-tray [data-id='{ids[0]}']")).to_have_count(0)
    timeline.saved(ids[0])
    placed = [id_ for id_, frame in frames_stored(stored).items() if frame is not None]
    assert placed[-1] == ids[0]


def test_a_frame_is_typed(timeline, stored, ids):
    timeline.item(ids[1]).click()
    timeline.root.get_by_label("Frame", exact=True).fill("100")
    timeline.press("Set")
    timeline.saved(ids[1])
    assert frames_stored(stored)[ids[1]] == 100


def test_a_prompt_is_written_between_two_images(timeline, stored, ids):
    item = timeline.item(ids[1])
    item.focus()
    item.press("F2")
    timeline.root.get_by_label("Prompt", exact=True).fill("the mist lifts")
    timeline.press("Save")
    timeline.saved(ids[1])
    statement = "select metadata->>'pair_prompt' from shot_generations where id = %s"
    assert stored.execute(statement, (ids[1],)).fetchone() == ("the mist lifts",)
    expect(timeline.root.locator(f".sk-pair[data-id='{ids[1]}']")).to_contain_text("the mist lifts")


def test_a_change_is_undone_and_redone_by_buttons_and_keys(timeline, stored, ids):
    item = timeline.item(ids[1])
    item.click()
    timeline.root.get_by_label("Frame", exact=True).fill("100")
    timeline.press("Set")
    timeline.saved(ids[1])
    timeline.press("Undo")
    timeline.at(ids[1], 81)
    assert frames_stored(stored)[ids[1]] == 81
    timeline.press("Redo")
    timeline.at(ids[1], 100)
    assert frames_stored(stored)[ids[1]] == 100
    item.press("Control+z")
    timeline.at(ids[1], 81)
    assert frames_stored(stored)[ids[1]] == 81


def test_a_stale_drag_returns_says_why_and_is_applied_by_one_press(timeline, stored, ids):
    x, y = timeline.middle(ids[1])
    mouse = timeline.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 40, y, steps=4)
    expect(timeline.item(ids[1])).to_have_class("sk-item sk-lifted")
    stored.execute("update shot_generations set timeline_frame = 150 where id = %s", (ids[2],))
    mouse.up()
    timeline.refused(ids[1])
    timeline.at(ids[1], 81)
    timeline.at(ids[2], 150)
    assert frames_stored(stored)[ids[1]] == 81
    note = timeline.root.get_by_role("group", name="A change that was refused")
    expect(note).to_contain_text("Refused:")
    seen, found = note.locator(".sk-order").all()
    expect(seen).to_contain_text("You saw081138")
    expect(found).to_contain_text("It is now081150")
    timeline.press("Apply to today's order")
    timeline.saved(ids[1])
    assert 90 < frames_stored(stored)[ids[1]] < 110
    assert frames_stored(stored)[ids[2]] == 150
    expect(note).to_have_count(0)


def test_the_page_has_the_images_by_frame_after_a_move_and_what_moved_keeps_focus_and_picture(
    timeline, stored, ids
):
    item = timeline.item(ids[1])
    item.focus()
    expect(item.locator("img")).to_have_attribute("src", re.compile("^blob:"))
    item.evaluate("(item) => { item.known = item.lastChild.known = item.querySelector('img').src }")
    timeline.root.evaluate(
        "(root) => { root.left = 0; root.addEventListener('focusout', () => { root.left += 1 }); }"
    )
    for key in ("Space", *["Shift+ArrowRight"] * 8, "Space"):
        item.press(key)
    timeline.saved(ids[1])
    order = [id_ for id_, frame in frames_stored(stored).items() if frame is not None]
    assert order[:3] == [ids[0], ids[2], ids[1]]
    shown = timeline.root.locator(".sk-lane").first.locator(".sk-item")
    drawn = shown.evaluate_all("(items) => items.map((item) => item.dataset.id)")
    assert drawn == order[: len(drawn)]
    expect(item).to_be_focused()
    assert timeline.root.evaluate("(root) => root.left") == 0
    assert item.evaluate("(item) => item.known === item.querySelector('img').src")


def test_two_fingers_zoom_the_ruler_around_their_middle(timeline, stored, ids):
    before = frames_stored(stored)
    a_frame = timeline.pixels(ids[0], ids[1], 81)
    timeline.pinch(ids[1], 60, 120)
    assert timeline.pixels(ids[0], ids[1], 81) == pytest.approx(2 * a_frame, rel=0.05)
    timeline.pinch(ids[1], 120, 60)
    assert timeline.pixels(ids[0], ids[1], 81) == pytest.approx(a_frame, rel=0.05)
    expect(timeline.root.locator(".sk-lifted")).to_have_count(0)
    assert timeline.notebook.wire.proposals == []
    assert frames_stored(stored) == before


def test_what_is_in_sight_stays_drawn_when_the_theme_changes(timeline, ids):
    timeline.item(ids[0]).press("End")
    last = timeline.root.locator(".sk-mark", has_text="850")
    expect(last).to_be_visible()
    for theme in ("Dark", "Light"):
        timeline.notebook.theme(theme)
        timeline.page.evaluate(_DRAWN)
        expect(last).to_be_visible()
