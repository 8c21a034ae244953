"""The rules of accessibility find nothing wrong in any widget, in both themes, in the states that it has."""

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.timeline import SHOT, TimelinePage, cells, frames_stored

BEGIN = "import shotkit\nfrom shotkit import widgets\nkit = shotkit.connect({!r})\nshot = kit.shot({!r})"
MOST = "kit.generations().sort_values('derived_count', ascending=False)['generation_id'].iloc[0]"


@pytest.fixture
def clean(notebook):
    """Fails where the rules are broken, in the light and in the dark."""

    def check():
        for theme in ("Light", "Dark"):
            notebook.theme(theme)
            assert axe.violations(notebook) == [], theme

    yield check
    notebook.theme("Light")


def test_the_timeline(notebook, database, stored, clean):
    notebook.show(*cells(database))
    timeline = TimelinePage(notebook).ready()
    clean()
    first, second, *_ = frames_stored(stored)
    timeline.item(first).press("F2")
    clean()
    timeline.press("Cancel the edit")
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
    variants.get_by_role("button", name="Slider").click()
    variants.get_by_role("button", name="Delete").first.click()
    expect(variants.get_by_role("button", name="Keep it")).to_be_focused()
    clean()


def test_the_gallery(notebook, database, clean):
    notebook.show(BEGIN.format(database, SHOT), "widgets.Gallery(kit)")
    gallery = notebook.page.locator(".sk-gallery")
    gallery.locator(".skp-cell").nth(3).click()
    expect(gallery).to_contain_text("1 selected")
    clean()


def test_the_lightbox(notebook, database, clean):
    notebook.show(BEGIN.format(database, SHOT), "widgets.Lightbox(shot)")
    lightbox = notebook.page.locator(".sk-lightbox")
    lightbox.get_by_role("button", name="Details").click()
    expect(lightbox.locator(".skp-known dt").first).to_be_visible()
    clean()
    lightbox.get_by_role("button", name="Large").click()
    expect(notebook.page.locator(".skp-dialog")).to_be_visible()
    clean()
    notebook.page.keyboard.press("Escape")


def test_what_is_wrong_is_found(notebook):
    markup = '<div class="shotkit"><button></button></div>'
    notebook.show(f"from IPython.display import HTML\nHTML({markup!r})")
    assert [found.partition(":")[0] for found in axe.violations(notebook)] == ["button-name"]
