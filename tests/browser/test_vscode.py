"""In VS Code's widget manager: drags are stored, themes readable; keys and pictures stay in the output."""

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.timeline import TimelinePage, cells, frames_stored
from tests.browser.vscode import webview

THEMES = ("light", "dark", "high-contrast")
_WITHIN = """(dialog) => {
  const [inner, outer] = [dialog, dialog.parentNode].map((each) => each.getBoundingClientRect());
  return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.width > 0.9 * outer.width;
}"""


@pytest.fixture
def vscode(notebook):
    with webview(notebook) as opened:
        yield opened


def readable(vscode):
    for theme in THEMES:
        vscode.theme(theme)
        assert axe.violations_of(vscode.frame, ".shotkit") == [], theme


def test_the_timeline_is_dragged_pressed_and_read(vscode, database, stored):
    first, second, third, *_ = [id_ for id_, frame in frames_stored(stored).items() if frame is not None]
    vscode.show(*cells(database))
    timeline = TimelinePage(vscode.notebook, frame=vscode.frame).ready()
    timeline.drag(second, 20 * timeline.pixels(first, second, 81))
    timeline.saved(second)
    assert frames_stored(stored)[second] == 101
    stored.execute("update shot_generations set timeline_frame = 150 where id = %s", (third,))
    timeline.at(third, 150)
    vscode.make_accessible()
    vscode.notebook.wire.clear()
    timeline.item(first).focus()
    for key in ("Space", "ArrowRight", "Escape", "Enter", "ArrowRight", "Space"):
        timeline.item(first).press(key)
    timeline.saved(first)
    timeline.root.get_by_role("button", name="Undo", exact=True).press("Enter")
    expect(timeline.item(first)).to_have_attribute("aria-posinset", "1")
    assert [sent.content["type"] for sent in vscode.notebook.wire.proposals] == ["move", "undo"]
    assert vscode.taken == []
    readable(vscode)


@pytest.mark.parametrize("widget", ["Lightbox(shot)", "Gallery(kit)"])
def test_the_large_picture_stays_in_its_output(vscode, database, widget):
    vscode.show(*cells(database)[:2], f"widgets.{widget}")
    root = vscode.frame.locator(".shotkit").first
    root.get_by_role("button", name="Large").click()
    dialog = root.get_by_role("dialog", name="Lightbox")
    expect(dialog.locator(".skp-stage")).to_be_focused()
    assert dialog.evaluate(_WITHIN)
    dialog.get_by_role("button", name="Details").click()
    expect(dialog.locator(".skp-known dt").first).to_be_visible()
    readable(vscode)
    dialog.locator(".skp-stage").press("Escape")
    expect(dialog).to_be_hidden()
    assert vscode.taken == []
    readable(vscode)
