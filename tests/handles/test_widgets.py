"""The widgets on the real handles: what a page asks for is stored, and every view of the kit follows."""

from base64 import b64decode

import pytest

from shotkit.widgets import Gallery, Lightbox, Timeline, Variants
from tests.handles.conftest import eventually
from tests.widgets.page import installed


@pytest.fixture
def page(monkeypatch):
    return installed(monkeypatch)


def frames(stage):
    return list(stage.frames().values())


def test_a_variant_made_primary_by_one_press_is_stored_and_the_timeline_beside_it_follows(page, stage, kit):
    generation = stage.generation(name="Valley")
    stage.link(stage.shot_id, generation, 0)
    gen = kit.generation(generation)
    second = gen.add_variant("/b.png", name="second").op_id
    timeline, view = Timeline(kit.shot(stage.shot_id)), Variants(gen)
    for shown in (timeline, view):
        shown.wake()
    assert eventually(lambda: timeline.state["rows"] and timeline.state["phase"] == 2)
    before = timeline.state["rows"][0]["picture"]
    assert page.ask(view, "make_primary", variant_id=second)["ok"]
    assert [row["is_primary"] for row in view.state["variants"]] == [True, False]
    assert view.state["variants"][0]["id"] == second
    assert eventually(lambda: timeline.state["rows"][0]["picture"] != before)
    [stored] = stage.connection.execute(
        "select location from public.generations where id = %s", (generation,)
    ).fetchone()
    assert stored == "/b.png"


def test_a_variant_starred_looked_at_and_deleted_is_so_in_the_database(page, stage, kit):
    gen = kit.generation(stage.generation())
    view = Variants(gen)
    [first] = [row["id"] for row in view.state["variants"]]
    assert view.state["variants"][0]["is_new"]
    page.ask(view, "view", variant_id=first)
    page.ask(view, "star", variant_id=first, starred=True)
    [row] = view.state["variants"]
    assert (row["is_new"], row["starred"]) == (False, True)
    asked = page.ask(view, "delete", variant_id=first)
    assert (asked["left"], asked["primary"]) == (0, None)
    assert len(gen.variants()) == 1
    page.ask(view, "delete", variant_id=first, confirmed=True)
    assert view.state["variants"] == []
    assert (
        "no variant of this generation"
        in page.ask(view, "star", variant_id=first, starred=True)["error"]["message"]
    )


def test_a_change_of_variants_by_another_connection_is_refused_and_then_shown(page, stage, kit, kits):
    generation = stage.generation()
    view = Variants(kit.generation(generation))
    [first] = [row["id"] for row in view.state["variants"]]
    kits().generation(generation).add_variant("/b.png", is_primary=True)
    assert page.ask(view, "delete", variant_id=first, confirmed=True)["error"]["kind"] == "StaleVariantsError"
    page.ask(view, "refresh")
    assert len(view.state["variants"]) == 2


@pytest.mark.parametrize("of", ["kit", "shot"])
def test_images_selected_in_a_gallery_are_put_into_the_shot_behind_the_last(page, stage, kit, of):
    stage.links(0, 81)
    outside = [stage.generation(name=f"outside {number}") for number in range(2)]
    view = Gallery(kit if of == "kit" else kit.shot(stage.shot_id))
    page.ask(view, "filter", in_no_shot=True)
    assert view.state["total"] == 2
    view.selected = outside
    reply = page.ask(view, "add", shot_id=stage.shot_id)
    assert (reply["added"], reply["refused"], view.selected) == (2, None, [])
    assert frames(stage) == [0, 81, 162, 243]
    assert view.state["total"] == 0
    page.ask(view, "filter", shot=stage.shot_id)
    assert view.state["total"] == 4
    assert len(page.ask(view, "page", version=view.state["version"], start=0, count=60)["items"]) == 4


def test_each_filter_of_the_gallery_reaches_the_database(page, stage, kit):
    [link] = stage.links(None)
    film = stage.generation(location="/a.mp4")
    edit = stage.generation(params='{"prompt": "a 100% valley"}')
    stage.connection.execute(
        "update public.generations set based_on = %s, starred = true where id = %s", (film, edit)
    )
    view = Gallery(kit.shot(stage.shot_id))

    def left(**filters):
        assert page.ask(view, "filter", **filters)["ok"]
        items = page.ask(view, "page", version=view.state["version"], start=0, count=9)["items"]
        return {item["generation_id"] for item in items}

    [(linked,)] = stage.connection.execute(
        "select generation_id::text from public.shot_generations where id = %s", (link,)
    ).fetchall()
    assert left() == {linked, film, edit}
    assert left(media_type="video") == {film}
    assert left(media_type="image") == {linked, edit}
    assert left(starred=True) == left(edits_only=True) == left(prompt="100%") == {edit}
    assert left(in_no_shot=True) == {film, edit}
    assert left(shot=stage.shot_id, unpositioned=True) == {linked}
    assert left(children=True) == left(parent=edit) == set()
    assert "unpositioned" in page.ask(view, "filter", unpositioned=True)["error"]["message"]


def test_the_lightbox_tells_prompt_lineage_and_variants_of_an_image(page, stage, kit):
    source = stage.generation(name="sketch")
    made = stage.generation(name="Valley", params='{"prompt": "a valley", "seed": 7}')
    stage.connection.execute("update public.generations set based_on = %s where id = %s", (source, made))
    stage.link(stage.shot_id, made, 0)
    view = Lightbox(kit.shot(stage.shot_id), start=made)
    reply = page.ask(view, "details", generation_id=made)
    assert (reply["details"]["prompt"], reply["details"]["seed"]) == ("a valley", 7)
    assert [(row["relation"], row["name"]) for row in reply["lineage"]] == [
        ("source", "sketch"),
        ("self", "Valley"),
    ]
    assert len(reply["variants"]) == 1
    data, _ = view._repr_mimebundle_()
    assert b64decode(data["image/png"]).startswith(b"\x89PNG")
    view.close()
