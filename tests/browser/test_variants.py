"""Variants on the page: compared, starred, looked at, deleted, and made primary for a timeline beside."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.timeline import SHOT, TimelinePage, cells

_SEVERAL = """
select g.generation_id::text, g.id::text from shot_generations g
join shots s on s.id = g.shot_id
where s.name = %s and g.timeline_frame is not null
    and (select count(*) from generation_variants v where v.generation_id = g.generation_id) > 1
order by g.timeline_frame limit 1
"""


@pytest.fixture
def several(stored):
    """A generation on the timeline that has several variants, and its link."""
    return stored.execute(_SEVERAL, (SHOT,)).fetchone()


def primary(stored, generation):
    statement = "select id::text from generation_variants where generation_id = %s and is_primary"
    ((found,),) = stored.execute(statement, (generation,)).fetchall()
    return found


def test_a_primary_switched_by_one_press_is_seen_in_the_timeline(notebook, database, stored, several):
    generation, link = several
    notebook.show(*cells(database), f"widgets.Variants(kit.generation({generation!r}))")
    timeline = TimelinePage(notebook).ready()
    picture = timeline.item(link).locator("img")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    before, was = picture.get_attribute("src"), primary(stored, generation)
    variants = notebook.page.locator(".sk-variants")
    variants.get_by_role("button", name="Make primary", disabled=False).first.click()
    expect(variants).to_contain_text("Primary now.")
    expect(picture).not_to_have_attribute("src", before)
    assert primary(stored, generation) != was


_MOST = """
select generation_id::text from generation_variants group by 1 order by count(*) desc, 1 limit 1
"""
_STORED = """
select id::text, is_primary, starred, viewed_at from generation_variants where generation_id = %s
order by is_primary desc, created_at desc, id
"""


class VariantsPage:
    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page
        self.root = notebook.page.locator(".sk-variants")
        self.items = self.root.get_by_role("list").first.locator("> li")
        self.names = self.root.locator("figcaption")

    def of(self, place, name):
        return self.items.nth(place).get_by_role("button", name=re.compile(f"^{name}"))

    def said(self, words):
        expect(self.root.get_by_role("status")).to_contain_text(words)


@pytest.fixture
def generation(stored):
    return stored.execute(_MOST).fetchone()[0]


def shown(notebook, database, generation, *, read_only=False):
    begin = f"import shotkit\nfrom shotkit import widgets\nkit = shotkit.connect({database!r}, {read_only=})"
    notebook.show(begin, f"widgets.Variants(kit.generation({generation!r}))")
    page = VariantsPage(notebook)
    expect(page.items).to_have_count(4)
    return page


@pytest.fixture
def variants(notebook, database, generation):
    return shown(notebook, database, generation)


def test_two_are_compared_side_by_side_and_by_a_slider_by_keys_alone(variants):
    keyboard = variants.page.keyboard
    variants.of(2, "Compare").focus()
    keyboard.press("Enter")
    expect(variants.of(2, "Compare")).to_have_attribute("aria-pressed", "true")
    expect(variants.root.get_by_role("button", name="Compare", pressed=True)).to_have_count(2)
    variants.root.get_by_role("button", name="Slider").focus()
    keyboard.press("Enter")
    keyboard.press("Tab")
    slider = variants.root.get_by_role("slider")
    expect(slider).to_be_focused()
    expect(slider).to_have_accessible_name(re.compile("^Percent of .+ seen, the rest is .+"))
    keyboard.press("ArrowRight")
    expect(variants.root.locator(".skp-pair")).to_have_attribute("style", "--sk-cut: 51%;")
    keyboard.press("Home")
    expect(variants.root.locator(".skp-pair")).to_have_attribute("style", "--sk-cut: 0%;")
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Tab")
    keyboard.press("Space")
    expect(slider).to_be_hidden()


def test_the_slider_is_dragged_on_the_pictures_too(variants):
    variants.root.get_by_role("button", name="Slider").click()
    box = variants.root.locator(".skp-pair").bounding_box()
    mouse = variants.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 4, box["y"] + 50, steps=3)
    mouse.up()
    expect(variants.root.get_by_role("slider")).to_have_value("25")


def test_a_star_is_set_and_taken_back_by_keys_and_is_stored(variants, stored, generation):
    def starred():
        return sum(row[2] for row in stored.execute(_STORED, (generation,)).fetchall())

    before = starred()
    star = variants.of(0, "Star")
    star.focus()
    star.press("Space")
    expect(star).to_have_attribute("aria-pressed", "true")
    variants.said("Saved.")
    assert starred() == before + 1
    star.press("Space")
    expect(star).to_have_attribute("aria-pressed", "false")
    expect(star).to_be_focused()
    assert starred() == before


def test_a_look_takes_the_new_badge_away_and_is_stored(variants, stored, generation):
    new = variants.items.locator(".skp-badge", has_text="new")
    expect(new).to_have_count(2)
    stored_new = "select count(*) from generation_variants where generation_id = %s and viewed_at is null"
    assert stored.execute(stored_new, (generation,)).fetchone() == (2,)
    variants.items.filter(has=variants.page.locator(".skp-badge", has_text="new")).first.get_by_role(
        "button", name="Look at"
    ).click()
    variants.said("is shown large.")
    expect(new).to_have_count(1)
    assert stored.execute(stored_new, (generation,)).fetchone() == (1,)


def test_a_look_that_may_not_be_noted_is_told_once(notebook, database, generation):
    variants = shown(notebook, database, generation, read_only=True)
    new = variants.items.filter(has=variants.page.locator(".skp-badge", has_text="new"))
    for place in (0, 1, 0):
        new.nth(place).get_by_role("button", name="Compare").click()
        expect(variants.root.locator(".skp-note")).to_contain_text("What you look at stays marked as new:")
    variants.said("What you look at stays marked as new:")
    expect(variants.root.locator(".sk-problem")).to_be_hidden()
    expect(new).to_have_count(2)
    assert [asked.content["type"] for asked in notebook.wire.proposals] == ["view"]


def test_one_is_deleted_by_keys_after_a_question_and_can_be_kept(variants, stored, generation):
    keyboard = variants.page.keyboard
    remove = variants.of(0, "Delete")
    remove.focus()
    keyboard.press("Enter")
    expect(variants.root.get_by_role("button", name="Keep it")).to_be_focused()
    variants.said("becomes primary.")
    keyboard.press("Escape")
    expect(remove).to_be_focused()
    keyboard.press("Enter")
    expect(variants.root.get_by_role("button", name="Keep it")).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(variants.items).to_have_count(3)
    assert len(stored.execute(_STORED, (generation,)).fetchall()) == 3


def test_made_primary_by_keys_and_what_others_change_appears(variants, stored, generation):
    was = primary(stored, generation)
    variants.of(1, "Make primary").focus()
    variants.page.keyboard.press("Enter")
    variants.said("Primary now.")
    now = primary(stored, generation)
    assert now != was
    stored.execute("update generation_variants set starred = true where id = %s", (was,))
    stored.execute(
        "insert into generation_variants (generation_id, location) values (%s, '/n.png')", (generation,)
    )
    expect(variants.items).to_have_count(5)
    expect(variants.items.get_by_role("button", name="Star", pressed=True)).not_to_have_count(0)
