"""The gallery on the page: filters, thousands of images, a selection that Python reads, a way into a shot."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.gallery import gallery_of

MANY = 5_000
SHOT = "Reeds at the bend"
# What each filter leaves of all generations, asked in another way than the gallery asks.
_LISTED = """
select g.id::text from generations g
where {} and g.location is not null
order by case when g.is_child then g.parent_generation_id end, case when g.is_child then g.child_order end,
    g.created_at desc, g.id
"""
_IN = (
    "exists (select from shot_generations l join shots s on s.id = l.shot_id where l.generation_id = g.id {})"
)
_OF_SHOT = f"and s.name = '{SHOT}'"
_PLACED = _IN.format(f"{_OF_SHOT} and l.timeline_frame is not null")
_MANY = """
insert into generations (name, location, thumbnail_url, type, created_at, project_id)
select 'Many ' || place, g.location, g.thumbnail_url, 'image', now() - place * interval '1 min', g.project_id
from generate_series(1, %s) place,
    (select * from generations where type = 'image' order by id limit 1) g
"""
_LINKS = """
select l.generation_id::text, l.timeline_frame from shot_generations l join shots s on s.id = l.shot_id
where s.name = 'Storyboard, still empty'
"""
FILTERS = {
    "images": (lambda of: of("Show").select_option("images"), "not g.is_child and g.type = 'image'"),
    "films": (lambda of: of("Show").select_option("films"), "not g.is_child and g.type = 'video'"),
    "starred": (lambda of: of("starred").check(), "not g.is_child and g.starred"),
    "edits": (lambda of: of("edits only").check(), "not g.is_child and g.based_on is not null"),
    "children": (lambda of: of("children").check(), "g.is_child"),
    "in no shot": (
        lambda of: of("where").select_option("in no shot"), f"not g.is_child and not {_IN.format('')}",
    ),
    "in a shot": (
        lambda of: of("where").select_option(label=f"in {SHOT} (Valley films)"),
        f"not g.is_child and {_IN.format(_OF_SHOT)}",
    ),
    "off its timeline": (
        lambda of: (of("where").select_option(label=f"in {SHOT} (Valley films)"),
                    of("not on its timeline").check()),
        f"not g.is_child and {_IN.format(_OF_SHOT)} and not {_PLACED}",
    ),
    "prompt": (
        lambda of: (of("Prompt has").fill("STILL water"), of("Prompt has").press("Enter")),
        "not g.is_child and g.params->>'prompt' ilike '%%still water%%'",
    ),
    "several": (
        lambda of: (of("Show").select_option("images"), of("starred").check(),
                    of("where").select_option("in no shot")),
        f"not g.is_child and g.type = 'image' and g.starred and not {_IN.format('')}",
    ),
}  # fmt: skip


@pytest.fixture
def gallery(notebook, database):
    return gallery_of(notebook, database)


def ids(stored, condition="not g.is_child"):
    """The ids of what a condition leaves, in the order of a gallery."""
    return [id_ for (id_,) in stored.execute(_LISTED.format(condition)).fetchall()]


def test_each_filter_lists_what_it_says_newest_first(gallery, stored):
    assert gallery.listed(41) == ids(stored)
    for name, (choose, condition) in FILTERS.items():
        wanted = ids(stored, condition)
        assert 0 < len(wanted) < 41, name
        choose(gallery.field)
        assert gallery.listed(len(wanted)) == wanted, name
        gallery.press("All filters off")
        gallery.counts("41 images")


def test_the_children_of_one_are_listed_in_their_order_and_the_way_back_is_a_press(gallery, stored):
    parent = (
        "select parent_generation_id::text from generations where is_child group by 1 having count(*) = 3"
    )
    ((parent,),) = stored.execute(parent).fetchall()
    place = ids(stored).index(parent)
    gallery.list.focus()
    for _ in range(place):
        gallery.list.press("ArrowRight")
    gallery.arrived(place)
    gallery.press("Children of this one")
    assert gallery.listed(3) == ids(stored, f"g.parent_generation_id = '{parent}'")
    gallery.press("All, not children of one")
    gallery.counts("41 images")


def test_a_filter_that_leaves_nothing_says_so_and_leads_back(gallery):
    gallery.field("Prompt has").fill("no prompt has this")
    gallery.field("Prompt has").press("Enter")
    expect(gallery.root).to_contain_text("No image fits these filters.")
    gallery.said("0 images")
    gallery.press("All filters off")
    gallery.counts("41 images")
    expect(gallery.field("Prompt has")).to_have_value("")
    gallery.arrived(0)


def test_of_thousands_only_those_in_sight_are_elements(notebook, database, stored):
    stored.execute(_MANY, (MANY,))
    gallery = gallery_of(notebook, database)
    gallery.counts(f"{MANY + 41:,} images")
    gallery.list.focus()
    for key, place in (("End", MANY + 40), ("Home", 0)):
        gallery.list.press(key)
        gallery.arrived(place)
        expect(gallery.cell(place)).to_have_attribute("aria-posinset", str(place + 1))
    gallery.list.evaluate("(list) => { list.scrollTop = list.scrollHeight / 2; }")
    middle = gallery.list.locator("[data-place]:not([hidden]) span").first
    expect(middle).to_contain_text("Many 2")
    assert gallery.list.locator("[role=option]").count() < 120
    assert gallery.list.evaluate("(list) => list.querySelectorAll('*').length") < 400


def test_a_click_selects_one_ctrl_several_shift_all_between(gallery, stored):
    every = ids(stored)
    gallery.cell(2).click()
    gallery.selects(2)
    gallery.cell(5).click(modifiers=["Control"])
    gallery.selects(2, 5)
    gallery.cell(2).click(modifiers=["Control"])
    gallery.selects(5)
    gallery.cell(5).click()
    gallery.cell(8).click(modifiers=["Shift"])
    gallery.selects(5, 6, 7, 8)
    assert gallery.selected == every[5:9]
    gallery.said("4 selected")
    gallery.press("Select none")
    gallery.press("Select several")
    gallery.cell(1).click()
    gallery.cell(3).click()
    gallery.selects(1, 3)
    assert gallery.selected == [every[1], every[3]]


def test_a_tap_adds_to_the_selection_and_a_second_tap_takes_it_away(gallery, stored):
    for place in (1, 4):
        gallery.cell(place).tap()
    gallery.selects(1, 4)
    gallery.cell(1).tap()
    gallery.selects(4)
    assert gallery.selected == [ids(stored)[4]]


def test_all_of_it_goes_by_keys_alone(gallery, stored):
    keyboard, every = gallery.page.keyboard, ids(stored)
    gallery.field("Show").focus()
    for _ in range(20):
        if gallery.list.evaluate("(list) => list === document.activeElement"):
            break
        keyboard.press("Tab")
    expect(gallery.list).to_be_focused()
    keyboard.press("ArrowRight")
    keyboard.press("Space")
    gallery.said("1 selected")
    for _ in range(3):
        keyboard.press("Shift+ArrowRight")
    gallery.said("4 selected")
    assert gallery.selected == every[1:5]
    keyboard.press("Control+a")
    gallery.said("41 selected")
    keyboard.press("Escape")
    gallery.said("0 selected")
    keyboard.press("Home")
    keyboard.press("Space")
    gallery.said("1 selected")
    assert gallery.selected == every[:1]
    keyboard.press("Control+ArrowRight")
    expect(gallery.cell(1)).to_have_attribute("data-active", "")


def test_an_image_is_shown_large_turned_from_and_come_back_from(gallery, stored):
    window = gallery.page.get_by_role("dialog", name="Lightbox")
    image, count = window.locator(".skp-stage img"), window.locator(".skp-count")
    gallery.list.focus()
    gallery.list.press("ArrowRight")
    gallery.list.press("Enter")
    expect(count).to_contain_text("2 of 41: ")
    expect(image).to_have_attribute("src", re.compile("^blob:"))
    expect(image).to_have_js_property("complete", value=True)
    for key in ("+", "0", "Home", "End"):
        gallery.page.keyboard.press(key)
    expect(count).to_contain_text("41 of 41: ")
    expect(window.get_by_role("status")).to_have_text(image.get_attribute("alt"))
    window.get_by_role("button", name="Details").click()
    expect(window.locator(".skp-known dt", has_text="Prompt")).to_be_visible()
    stored.execute("delete from generations where id = %s", (ids(stored)[-1],))
    expect(count).to_contain_text("40 of 40: ")
    gallery.page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(gallery.list).to_be_focused()
    expect(gallery.cell(39)).to_have_attribute("data-active", "")
    gallery.list.press("Home")
    gallery.cell(0).dblclick()
    expect(count).to_contain_text("1 of 40: ")
    window.get_by_role("button", name="Small").click()
    gallery.press("Large")
    expect(count).to_contain_text("1 of 40: ")
    gallery.page.keyboard.press("Escape")


def test_what_python_selects_is_shown(gallery, stored):
    wanted = ids(stored)[3:5]
    gallery.notebook.python(f"gallery.selected = {wanted!r}")
    gallery.selects(3, 4)
    gallery.counts("2 selected")


def test_of_several_projects_one_is_chosen_with_its_shots(gallery, stored):
    statement = "select id::text from projects where name = 'Private garden'"
    ((garden,),) = stored.execute(statement).fetchall()
    gallery.field("where").select_option(label=f"in {SHOT} (Valley films)")
    gallery.field("Project").select_option("Private garden")
    wanted = ids(stored, f"not g.is_child and g.project_id = '{garden}'")
    assert gallery.listed(len(wanted)) == wanted
    shots = stored.execute("select name from shots where project_id = %s", (garden,)).fetchall()
    assert {(name,) for name in gallery.field("Shot").locator("option").all_inner_texts()} == set(shots)
    gallery.press("All filters off")
    gallery.counts("41 images")
    expect(gallery.field("Project")).to_have_value("")


@pytest.mark.parametrize("positioned", [True, False], ids=["on its timeline", "off its timeline"])
def test_what_is_selected_is_put_into_a_shot_and_leaves_those_in_no_shot(
    notebook, database, stored, positioned
):
    gallery = gallery_of(notebook, database, "kit, 'Valley films'")
    gallery.field("where").select_option("in no shot")
    gallery.counts("4 images")
    gallery.arrived(2)
    gallery.cell(0).click()
    gallery.cell(2).click(modifiers=["Control"])
    gallery.counts("2 selected")
    chosen = gallery.selected
    gallery.field("Shot").select_option("Storyboard, still empty")
    gallery.field("on its timeline").set_checked(positioned)
    gallery.press("Add to the shot")
    gallery.said("2 added.")
    gallery.counts("2 images, 0 selected")
    found = stored.execute(_LINKS).fetchall()
    assert {id_ for id_, _ in found} == set(chosen)
    assert [frame is not None for _, frame in found] == [positioned] * 2


def test_what_is_refused_stays_selected_and_says_why(gallery, stored):
    gallery.cell(0).click()
    gallery.field("Shot").select_option(label="Storyboard, still empty (Valley films)")
    gallery.press("Add to the shot")
    gallery.said("Refused")
    expect(gallery.root.locator(".skp-mark")).to_contain_text("Refused")
    gallery.selects(0)
    nothing = (
        "select count(*) from shot_generations l join shots s on s.id = l.shot_id where s.name like 'Story%'"
    )
    assert stored.execute(nothing).fetchone() == (0,)


@pytest.fixture
def fresh(stored):
    """Makes a generation of today, in the project of the first shot; returns its id."""
    statement = """
    insert into generations (name, location, thumbnail_url, type, created_at, project_id)
    select %s, g.location, g.thumbnail_url, 'image', now(), g.project_id
    from generations g where g.type = 'image' order by g.id limit 1 returning id::text
    """
    return lambda name="Made just now": stored.execute(statement, (name,)).fetchone()[0]


def test_what_others_make_star_and_delete_appears_by_itself(gallery, stored, fresh):
    made = fresh()
    gallery.counts("42 images")
    gallery.said("The list changed: 42 images.")
    expect(gallery.cell(0).locator("span").first).to_have_text("Made just now")
    stored.execute("update generations set starred = true where id = %s", (made,))
    expect(gallery.cell(0).locator("span").first).to_have_text("★ Made just now")
    stored.execute("insert into generation_variants (generation_id, location) values (%s, '/b.png')", (made,))
    expect(gallery.cell(0).locator("span").first).to_have_text("★ Made just now \u00d72")
    stored.execute("delete from generations where id = %s", (made,))
    gallery.counts("41 images")


def test_what_this_kit_changes_appears_in_the_list_of_those_in_no_shot(notebook, database):
    gallery = gallery_of(notebook, database, "kit, 'Valley films'")
    gallery.field("where").select_option("in no shot")
    gallery.counts("4 images")
    notebook.python(
        "shot = kit.shot('Storyboard, still empty')\n"
        "shot.add(kit.generations('Valley films', in_no_shot=True)['generation_id'].iloc[0])"
    )
    gallery.counts("3 images")
    notebook.python("shot.undo()")
    gallery.counts("4 images")
    notebook.python("kit.create_shot('Valley films', 'A new shot')")
    expect(gallery.field("Shot").locator("option", has_text="A new shot")).to_be_attached()
    expect(gallery.field("where")).to_have_value("in_no_shot")


def test_the_place_in_the_list_and_the_selection_stay_when_it_changes(notebook, database, stored, fresh):
    stored.execute(_MANY, (MANY,))
    gallery = gallery_of(notebook, database)
    gallery.list.evaluate("(list) => { list.scrollTop = list.scrollHeight / 2; }")
    columns = gallery.list.evaluate("(list) => Math.floor(list.clientWidth / 132)")
    place = columns * gallery.list.evaluate("(list) => Math.floor(list.scrollTop / 122)") + columns + 1
    gallery.arrived(place)
    gallery.cell(place).click()
    gallery.selects(place)
    name, top = gallery.cell(place).inner_text(), gallery.cell(place).bounding_box()["y"]
    for number in range(columns):
        fresh(f"New {number}")
    gallery.counts(f"{MANY + 41 + columns:,} images, 1 selected")
    gallery.selects(place + columns)
    expect(gallery.cell(place + columns)).to_have_text(name)
    expect(gallery.cell(place + columns)).to_have_attribute("data-active", "")
    assert abs(gallery.cell(place + columns).bounding_box()["y"] - top) < 2


def test_where_the_schema_sends_nothing_it_is_found_by_asking(notebook, database, stored, fresh):
    for table in ("shot_generations", "generation_variants", "shots"):
        stored.execute(f"alter table {table} disable trigger user")
    gallery = gallery_of(notebook, database)
    made = fresh()
    gallery.counts("42 images")
    stored.execute("update generations set name = 'Renamed' where id = %s", (made,))
    expect(gallery.cell(0).locator("span").first).to_have_text("Renamed")
