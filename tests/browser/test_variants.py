"""Variants on the page: what is made primary there is what a timeline beside them shows."""

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
