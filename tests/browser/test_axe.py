"""The rules of accessibility find nothing wrong in any widget, in both themes, in the states that it has."""

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.timeline import SHOT, TimelinePage, cells, frames_stored

BEGIN = "import shotkit\nfrom shotkit import widgets\nkit = shotkit.connect({!r})\nshot = kit.shot({!r})"
MOST = "kit.generations().sort_values('derived_count', ascending=False)['generation_id'].iloc[0]"


# What can be pressed and is smaller than 24 pixels either way.
_SMALL = """() =>
  [...document.querySelectorAll('.shotkit :is(button, input, select, textarea, [role=option])')]
  .filter((found) => found.checkVisibility())
  .map((found) => [found.outerHTML.slice(0, 160), found.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)
  .map(([words, { width, height }]) => `${width} x ${height}: ${words}`)"""
# What moves although less motion is wished for.
_MOVING = """() => [...document.querySelectorAll('.shotkit, .shotkit *')].filter((found) => {
  const { transitionDuration, animationName } = getComputedStyle(found);
  return transitionDuration !== '0s' || animationName !== 'none';
}).map((found) => found.outerHTML.slice(0, 160))"""
# The widgets' own outline is 3 pixels wide; JupyterLab has a thinner one for buttons.
_OUTLINES = """(found) =>
  [found, ...found.querySelectorAll('[data-active]')].map((each) => getComputedStyle(each).outline)"""
NARROW = 480


@pytest.fixture
def clean(notebook):
    """Fails where the rules are broken: in the light and in the dark, on a wide page and on a narrow one."""
    page, wide = notebook.page, notebook.page.viewport_size

    def check():
        for theme, width in (("Light", wide["width"]), ("Dark", NARROW)):
            notebook.theme(theme)
            page.set_viewport_size({**wide, "width": width})
            assert axe.violations(notebook) == [], (theme, width)
            assert page.evaluate(_SMALL) == [], (theme, width)
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(_MOVING) == []
        page.emulate_media(reduced_motion="no-preference")
        page.set_viewport_size(wide)

    yield check
    page.emulate_media(reduced_motion="no-preference")
    page.set_viewport_size(wide)
    notebook.theme("Light")


def focus_is_seen(notebook, root, times):
    """Press Tab so many times, and check that each time something shows that it has the focus."""
    root.locator("button, select, input").first.focus()
    for _ in range(times):
        notebook.page.keyboard.press("Tab")
        focused = notebook.page.locator(".shotkit :focus")
        seen = focused.evaluate(_OUTLINES)
        assert any("solid 3px" in outline for outline in seen), seen


def test_the_timeline(notebook, database, stored, clean):
    notebook.show(*cells(database))
    timeline = TimelinePage(notebook).ready()
    clean()
    first, second, *_ = frames_stored(stored)
    timeline.item(first).press("F2")
    clean()
    timeline.press("Cancel")
    timeline.item(first).press("Space")
    stored.execute("update shot_generations set timeline_frame = 90 where id = %s", (second,))
    timeline.item(first).press("End")
    timeline.item(first).press("Space")
    timeline.refused(first)
    clean()


def test_the_timeline_as_a_strip(notebook, database, clean):
    notebook.show(*cells(database, mode="strip"))
    TimelinePage(notebook).ready()
    clean()


def test_an_empty_timeline(notebook, database, clean):
    notebook.show(*cells(database, shot="Storyboard, still empty"))
    expect(notebook.page.locator(".sk-timeline")).to_contain_text("Nothing is on the timeline yet")
    clean()


def test_the_variants(notebook, database, clean):
    notebook.show(BEGIN.format(database, SHOT), f"widgets.Variants(kit.generation({MOST}))")
    variants = notebook.page.locator(".sk-variants")
    expect(variants.get_by_role("listitem")).to_have_count(4)
    clean()
    focus_is_seen(notebook, variants, 18)
    variants.get_by_role("button", name="Slider").click()
    variants.get_by_role("button", name="Delete").first.click()
    expect(variants.get_by_role("button", name="Keep it")).to_be_focused()
    clean()


def test_the_gallery(notebook, database, clean):
    notebook.show(BEGIN.format(database, SHOT), "widgets.Gallery(kit)")
    gallery = notebook.page.locator(".sk-gallery")
    gallery.locator(".skp-cell").nth(3).click()
    expect(gallery).to_contain_text("1 selected")
    focus_is_seen(notebook, gallery, 14)
    clean()
    gallery.get_by_role("button", name="Large").click()
    expect(notebook.page.locator(".skp-dialog .skp-count")).to_contain_text("of 41")
    clean()
    notebook.page.keyboard.press("Escape")
    gallery.get_by_label("Prompt has", exact=True).fill("no prompt has this")
    gallery.get_by_label("Prompt has", exact=True).press("Enter")
    expect(gallery).to_contain_text("No image fits these filters.")
    clean()


def test_the_lightbox(notebook, database, clean):
    notebook.show(BEGIN.format(database, SHOT), "widgets.Lightbox(shot)")
    lightbox = notebook.page.locator(".sk-lightbox")
    lightbox.get_by_role("button", name="Details").click()
    expect(lightbox.locator(".skp-known dt").first).to_be_visible()
    focus_is_seen(notebook, lightbox, 8)
    clean()
    lightbox.get_by_role("button", name="Large").click()
    expect(notebook.page.locator(".skp-dialog")).to_be_visible()
    clean()
    notebook.page.keyboard.press("Escape")


def test_what_is_wrong_is_found(notebook):
    markup = '<div class="shotkit"><button></button></div>'
    notebook.show(f"from IPython.display import HTML\nHTML({markup!r})")
    assert [found.partition(":")[0] for found in axe.violations(notebook)] == ["button-name"]
