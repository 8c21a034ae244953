"""The lightbox on the page: turned, zoomed and panned by keys, buttons, wheel and fingers; what is known."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.timeline import SHOT

_BEGIN = "import shotkit\nfrom shotkit import widgets\nkit = shotkit.connect({!r})\nshot = kit.shot({!r})"
_SHOWN = """
select g.id::text, g.name, coalesce(g.params->>'prompt', ''), g.params->>'seed', l.timeline_frame,
    (select count(*) from generation_variants v where v.generation_id = g.id),
    (select count(*) from generations c where c.based_on = g.id or g.based_on = c.id)
from shot_generations l join shots s on s.id = l.shot_id join generations g on g.id = l.generation_id
where s.name = %s order by l.timeline_frame, g.created_at
"""
_SCALE = "(image) => Number(/scale\\((.*)\\)/.exec(image.style.transform)?.[1] ?? 1)"


class LightboxPage:
    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page
        self.root = notebook.page.locator(".shotkit:has(.skp-box)")
        self.stage = notebook.page.locator(".skp-stage")
        self.image = self.stage.locator("img")
        self.known = notebook.page.get_by_role("group", name="What is known of it")

    def press(self, name):
        self.page.locator(".skp-box").get_by_role("button", name=name, exact=True).click()

    def at(self, place, count):
        expect(self.page.locator(".skp-box .skp-count")).to_contain_text(f"{place} of {count}:")

    def said(self, words):
        expect(self.root.get_by_role("status")).to_contain_text(words)

    @property
    def scale(self):
        return self.image.evaluate(_SCALE)

    def gesture(self, *steps):
        """Put fingers at the points of the first step, move them through the others, and lift them."""
        finger = self.page.context.new_cdp_session(self.page)
        kinds = ["touchStart", *["touchMove"] * (len(steps) - 1), "touchEnd"]
        for kind, points in zip(kinds, (*steps, ()), strict=True):
            given = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})
        finger.detach()

    def middle(self):
        box = self.stage.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def lightbox(notebook, database):
    notebook.show(_BEGIN.format(database, SHOT), "widgets.Lightbox(shot)")
    page = LightboxPage(notebook)
    expect(page.image).to_have_attribute("src", re.compile("^blob:"))
    return page


@pytest.fixture
def images(stored):
    return stored.execute(_SHOWN, (SHOT,)).fetchall()


def test_all_of_it_goes_by_keys_alone(lightbox, images):
    keyboard, count = lightbox.page.keyboard, len(images)
    lightbox.at(1, count)
    lightbox.stage.focus()
    for key, place in (
        ("ArrowRight", 2),
        ("End", count),
        ("ArrowRight", count),
        ("PageUp", count - 1),
        ("Home", 1),
    ):
        keyboard.press(key)
        lightbox.at(place, count)
    lightbox.said(f"frame {images[0][4]}")
    keyboard.press("+")
    lightbox.said("140 percent")
    keyboard.press("+")
    keyboard.press("-")
    lightbox.said("140 percent")
    before = lightbox.image.get_attribute("style")
    keyboard.press("ArrowRight")
    expect(lightbox.image).not_to_have_attribute("style", before)
    lightbox.at(1, count)
    keyboard.press("Escape")
    lightbox.said("100 percent")
    keyboard.press("Shift+Tab")
    expect(lightbox.page.get_by_role("button", name="Large")).to_be_focused()
    keyboard.press("Enter")
    expect(lightbox.page.get_by_role("dialog", name="Lightbox")).to_be_visible()
    expect(lightbox.stage).to_be_focused()
    keyboard.press("ArrowRight")
    lightbox.at(2, count)
    keyboard.press("+")
    keyboard.press("Escape")
    assert lightbox.scale == 1
    expect(lightbox.page.get_by_role("dialog", name="Lightbox")).to_be_visible()
    keyboard.press("Escape")
    expect(lightbox.page.get_by_role("dialog", name="Lightbox")).to_have_count(0)
    expect(lightbox.page.get_by_role("button", name="Large")).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(lightbox.known).to_contain_text("Prompt")


def test_buttons_and_the_wheel_with_ctrl_zoom(lightbox):
    lightbox.press("Zoom in")
    lightbox.said("140 percent")
    lightbox.press("Zoom out")
    assert lightbox.scale == 1
    lightbox.page.mouse.move(*lightbox.middle())
    lightbox.page.keyboard.down("Control")
    lightbox.page.mouse.wheel(0, -100)
    lightbox.said("140 percent")
    lightbox.page.keyboard.up("Control")
    lightbox.press("Whole picture")
    lightbox.said("100 percent")
    assert lightbox.scale == 1


def test_a_press_on_the_zoomed_picture_brings_the_point_to_the_middle(lightbox):
    lightbox.press("Zoom in")
    before = lightbox.image.get_attribute("style")
    x, y = lightbox.middle()
    lightbox.page.mouse.click(x + 60, y + 40)
    expect(lightbox.image).not_to_have_attribute("style", before)
    assert lightbox.scale > 1


def test_two_fingers_zoom_and_one_pans_what_is_near(lightbox, images):
    x, y = lightbox.middle()
    lightbox.gesture(*([(x - apart, y), (x + apart, y)] for apart in (40, 60, 80, 100, 120)))
    expect(lightbox.stage).to_have_attribute("data-near", "")
    assert 2 < lightbox.scale < 4
    before = lightbox.image.get_attribute("style")
    lightbox.gesture(*([(x + by, y)] for by in (0, 10, 30, 50)))
    expect(lightbox.image).not_to_have_attribute("style", before)
    lightbox.at(1, len(images))


def test_the_details_are_what_is_stored_and_turn_with_the_image(lightbox, images):
    lightbox.press("Details")
    for place in range(5):
        _, name, prompt, seed, _, variants, _ = images[place]
        lightbox.at(place + 1, len(images))
        for text in filter(None, (name, prompt, seed)):
            expect(lightbox.known.get_by_role("definition").filter(has_text=text).first).to_be_visible()
        of = lightbox.known.locator(".skp-title:text('Variants') + ul").get_by_role("button")
        expect(of).to_have_count(variants)
        lightbox.press("Next")


def test_a_variant_and_an_ancestor_are_shown_large_by_a_press(lightbox, images):
    related = next(place for place, image in enumerate(images) if image[6])
    lightbox.press("Details")
    lightbox.stage.focus()
    for _ in range(related):
        lightbox.stage.press("ArrowRight")
    lineage = lightbox.known.locator(".skp-title:text('Lineage') + ul").get_by_role("button")
    expect(lineage.first).to_be_visible()
    words = lineage.first.inner_text()
    lineage.first.click()
    lightbox.said(words)
    expect(lightbox.image).to_have_attribute("alt", words)
    lightbox.known.locator(".skp-title:text('Variants') + ul").get_by_role("button").first.press("Enter")
    expect(lightbox.image).to_have_attribute("alt", re.compile("primary"))
    lightbox.at(related + 1, len(images))


def test_what_others_put_into_the_shot_appears_and_the_image_shown_stays(lightbox, stored, images):
    lightbox.press("Next")
    lightbox.at(2, len(images))
    shown = lightbox.image.get_attribute("alt")
    stored.execute(
        "insert into shot_generations (shot_id, generation_id, timeline_frame)"
        " select s.id, %s, 1 from shots s where s.name = %s",
        (images[5][0], SHOT),
    )
    lightbox.at(3, len(images) + 1)
    expect(lightbox.image).to_have_attribute("alt", shown)


def test_an_empty_shot_says_so_and_has_nothing_to_press(notebook, database):
    notebook.show(_BEGIN.format(database, "Storyboard, still empty"), "widgets.Lightbox(shot)")
    lightbox = LightboxPage(notebook)
    expect(lightbox.root).to_contain_text("No image is in this shot.")
    for name in ("Details", "Large", "Zoom in"):
        notebook.page.get_by_role("button", name=name, exact=True).press("Enter")
    expect(lightbox.known).to_be_hidden()
    expect(notebook.page.get_by_role("dialog", name="Lightbox")).to_have_count(0)
