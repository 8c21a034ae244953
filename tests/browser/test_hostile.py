"""Sixty hostile texts wherever users' text is shown: no dialog, no request, no element; text."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.timeline import TimelinePage, cells
from tests.hostile import TEXTS

SHOT = f"Hostile {TEXTS[0]}"
BEGIN = "import shotkit\nfrom shotkit import widgets\nkit = shotkit.connect({!r})"
# Elements that no widget makes, wherever they may be on the page's part that is the widget's.
FOREIGN = (
    "script, style, iframe, object, embed, link, meta, base, math, svg, video, audio, marquee, details, a"
)
_LINK = (
    "insert into shot_generations (shot_id, generation_id, timeline_frame, metadata) values (%s, %s, %s, %s)"
)
_VARIANT = """
insert into generation_variants (generation_id, project_id, location, thumbnail_url, name, variant_type)
values (%s, %s, %s, %s, %s, %s)
"""
_GENERATION = """
insert into generations (name, location, thumbnail_url, type, params, project_id)
values (%s, %s, %s, 'image', %s, %s) returning id::text
"""
_ISOLATES = re.compile("[\u2066-\u2069]")


@pytest.fixture
def world(stored):
    """A project of 60 generations, all in one shot, their texts all hostile; the first has 60 variants."""
    project = stored.execute("select id from projects limit 1").fetchone()[0]
    add = "insert into shots (name, project_id) values (%s, %s) returning id"
    shot = stored.execute(add, (SHOT, project)).fetchone()[0]
    generations = [_generation(stored, project, number) for number in range(len(TEXTS))]
    for number, text in enumerate(TEXTS):
        prompts = {"pair_prompt": text, "pair_negative_prompt": TEXTS[-number]}
        stored.execute(_LINK, (shot, generations[number], number * 50, json.dumps(prompts)))
        stored.execute(_VARIANT, (generations[0], project, text, TEXTS[-number], text, TEXTS[number - 1]))
    return generations


def _generation(stored, project, number):
    text, params = TEXTS[number], {"prompt": TEXTS[number], "seed": 1}
    given = (text, text, TEXTS[-number], json.dumps(params), project)
    return stored.execute(_GENERATION, given).fetchone()[0]


def only_text(root):
    """Check that nothing of the texts became an element, and that the widget is no wider than its cell."""
    assert root.locator(FOREIGN).count() == 0
    assert root.evaluate("(root) => root.scrollWidth - root.clientWidth") <= 1


def told(text):
    """The start of a text as a label shows it; isolates of its own would let it reach beyond its label."""
    return " ".join(_ISOLATES.sub("", text).split())[:20].strip()


def test_the_timeline_shows_them_as_text(notebook, database, world):
    notebook.show(*cells(database, shot=SHOT, mode="strip"))
    timeline = TimelinePage(notebook).ready()
    seen = set()
    for number in range(len(TEXTS)):
        item = timeline.root.locator(f".sk-item[aria-posinset='{number + 1}']")
        item.focus()
        seen.add(item.get_attribute("title"))
        item.press("ArrowRight")
    assert len(seen) >= len(TEXTS) - 3, "some differ only behind what a label shows"
    expect(timeline.root.locator(".sk-name").first).to_contain_text("Hostile <script>alert(1)")
    only_text(timeline.root)


def test_the_editor_holds_a_prompt_of_10000_characters_and_markup(notebook, database, world):
    notebook.show(*cells(database, shot=SHOT, mode="strip"))
    timeline = TimelinePage(notebook).ready()
    for number in (0, 4):
        item = timeline.root.locator(f".sk-item[aria-posinset='{number + 1}']")
        item.press("F2")
        expect(timeline.root.get_by_label("Prompt", exact=True)).to_have_value(TEXTS[number])
        only_text(timeline.root)
        timeline.root.get_by_label("Prompt", exact=True).fill(TEXTS[-1] + TEXTS[number])
        timeline.press("Save")
        expect(item).to_have_attribute("data-status", "saved")
    only_text(timeline.root)


def test_errors_show_them_as_text(notebook, database, world):
    notebook.show(*cells(database, shot=SHOT, mode="strip"))
    timeline = TimelinePage(notebook).ready()
    notebook.python(
        f"""
from shotkit.errors import InvalidChangeError
texts = iter(enumerate({TEXTS!r}))
def refuse(*_, **__):
    number, text = next(texts)
    raise InvalidChangeError(f"refusal {{number}}: {{text}}")
timeline.shot.move_to = refuse"""
    )
    timeline.root.locator(".sk-item").first.click()
    for number in range(len(TEXTS)):
        timeline.press("Move right")
        expect(timeline.root.locator(".sk-why")).to_contain_text(f"refusal {number}:")
        only_text(timeline.root)
    expect(timeline.root.locator(".sk-why")).to_contain_text("wide-without-a-break")


def test_the_variants_show_them_as_text(notebook, database, world):
    notebook.show(BEGIN.format(database), f"widgets.Variants(kit.generation({world[0]!r}))")
    variants = notebook.page.locator(".sk-variants")
    expect(variants.get_by_role("listitem")).to_have_count(len(TEXTS) + 1)
    names = _ISOLATES.sub("", " ".join(variants.locator("li .sk-name").all_inner_texts()))
    assert [text for text in TEXTS if told(text) not in names] == []
    for number in range(len(TEXTS)):
        variants.get_by_role("button", name="Compare").nth(number).click()
    only_text(variants)


def test_the_gallery_shows_them_as_text(notebook, database, world):
    notebook.show(BEGIN.format(database), "widgets.Gallery(kit)")
    gallery = notebook.page.locator(".sk-gallery")
    cells_ = gallery.locator(".skp-cells")
    cells_.focus()
    for _ in range(len(TEXTS)):
        cells_.press("ArrowRight")
        cells_.press(" ")
    expect(gallery).to_contain_text(f"{len(TEXTS)} selected")
    only_text(gallery)


def test_the_lightbox_shows_them_as_text(notebook, database, world):
    notebook.show(BEGIN.format(database), f"widgets.Lightbox(kit.shot({SHOT!r}))")
    lightbox = notebook.page.locator(".sk-lightbox")
    lightbox.get_by_role("button", name="Details").click()
    for number in range(len(TEXTS)):
        expect(lightbox.locator(".skp-count")).to_contain_text(f"{number + 1} of {len(TEXTS)}")
        expect(lightbox.locator(".skp-known")).to_contain_text(told(TEXTS[number])[:12])
        lightbox.locator(".skp-stage").press("ArrowRight")
    only_text(lightbox)


ERRORS = """
from itertools import count
from shotkit.errors import InvalidChangeError
texts, asked = {!r}, count()
def refuse(*_, **__):
    number = next(asked) % len(texts)
    raise InvalidChangeError(f"refusal {{number}}: {{texts[number]}}")
"""


def test_filters_and_their_errors_show_them_as_text(notebook, database, world):
    notebook.show(BEGIN.format(database), "gallery = widgets.Gallery(kit)\ngallery")
    gallery = notebook.page.locator(".sk-gallery")
    prompt = gallery.get_by_label("Prompt has", exact=True)
    for text in TEXTS[::6]:
        prompt.fill(text[:300])
        prompt.press("Enter")
        expect(gallery.locator(".skp-count")).to_contain_text("image")
        only_text(gallery)
    prompt.fill("")
    prompt.press("Enter")
    notebook.python(ERRORS.format(TEXTS) + "gallery._source.listing = refuse")
    for number in range(len(TEXTS)):
        gallery.get_by_role("button", name="All filters off").press("Enter")
        expect(gallery.locator(".sk-problem")).to_contain_text(f"refusal {number}:")
    only_text(gallery)


def test_refusals_of_variants_and_adding_show_them_as_text(notebook, database, world):
    show = f"variants = widgets.Variants(kit.generation({world[1]!r}))\nvariants"
    notebook.show(BEGIN.format(database), show, "gallery = widgets.Gallery(kit)\ngallery")
    variants, gallery = notebook.page.locator(".sk-variants"), notebook.page.locator(".sk-gallery")
    notebook.python(ERRORS.format(TEXTS) + "variants._gen.star = gallery._source.shot = refuse")
    gallery.locator("[data-place='0']").click()
    expect(gallery).to_contain_text("1 selected")
    for number in range(0, len(TEXTS), 2):
        variants.get_by_role("button", name="Star").first.click()
        expect(variants.locator("li .skp-mark")).to_contain_text(f"refusal {number}:")
        gallery.get_by_role("button", name="Add to the shot").click()
        expect(gallery.locator(".skp-mark")).to_contain_text(f"refusal {number + 1}:")
        only_text(variants)
        only_text(gallery)


def test_a_lineage_and_the_words_of_pictures_show_them_as_text(notebook, database, stored, world):
    stored.execute("update generations set based_on = %s where id = any (%s::uuid[])", (world[0], world[1:]))
    notebook.show(BEGIN.format(database), f"widgets.Lightbox(kit.shot({SHOT!r}))")
    lightbox = notebook.page.locator(".sk-lightbox")
    lightbox.get_by_role("button", name="Details").click()
    made = lightbox.locator(".skp-title:text('Lineage') + ul").get_by_role("button")
    expect(made).to_have_count(len(TEXTS) - 1)
    words = _ISOLATES.sub("", " ".join(made.all_inner_texts()))
    assert [text for text in TEXTS[1:] if told(text) not in words] == []
    for number in range(0, len(TEXTS) - 1, 7):
        made.nth(number).click()
        alt = lightbox.locator(".skp-stage img").get_attribute("alt")
        assert alt.startswith("derived: ")
        only_text(lightbox)


def test_an_element_that_is_not_the_widgets_is_noticed(notebook):
    notebook.show("from IPython.display import HTML\nHTML('<div class=\"shotkit\"><a>x</a></div>')")
    with pytest.raises(AssertionError):
        only_text(notebook.page.locator(".shotkit"))
