"""A generation's handle: its variants, its changes of them, what it came from."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shotkit import ConfigurationError, InvalidChangeError, NotFoundError, StaleVariantsError
from shotkit.model.tables import LINEAGE, VARIANTS

NOBODY = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture
def gen(stage, kit):
    return kit.generation(stage.generation(name="Valley", params='{"prompt": "a valley", "seed": 7}'))


def test_its_variants_come_the_primary_first_and_follow_its_changes_without_reading(gen, kits, statements):
    first = gen.variants()["id"].to_list()
    added = gen.add_variant("/b.png", name="b", params={"prompt": "b"}, variant_type="upscaled").op_id
    gen.make_primary(added)
    gen.star(added)
    gen.viewed(first[0])
    statements.clear()
    shown = gen.variants()
    assert statements == []
    assert shown["id"].to_list() == [added, *first]
    assert shown.equals(kits().generation(gen.id).variants())
    assert [field.name for field in VARIANTS] == list(shown.columns)
    change = gen.delete_variant(added)
    assert change.before["id"].to_list() == [added, *first]
    assert change.after["id"].to_list() == gen.variants()["id"].to_list() == first


def test_variants_that_are_not_as_they_were_shown_refuse_a_change(stage, gen, kits):
    [first] = gen.variants()["id"]
    kits().generation(gen.id).add_variant("/b.png", is_primary=True)
    stored = stage.stored()
    with pytest.raises(StaleVariantsError):
        gen.delete_variant(first)
    assert stage.stored() == stored
    assert gen.variants()["location"].to_list() == ["/b.png", "/a.png"]
    gen.delete_variant(first)


def test_the_only_variant_is_deleted_on_purpose_alone(stage, kit, gen):
    [only] = gen.variants()["id"]
    stored = stage.stored()
    for dry_run in (False, True):
        with pytest.raises(InvalidChangeError, match=r"only variant.*last=True"):
            gen.delete_variant(only, dry_run=dry_run)
    assert stage.stored() == stored
    change = gen.delete_variant(only, last=True)
    assert change.code == f"gen.delete_variant('{only}', last=True)"
    assert len(gen.variants()) == 0
    kit.undo()
    assert gen.variants()["id"].to_list() == [only]


def test_the_first_variant_of_an_empty_generation_is_primary_by_itself(stage, kit, gen):
    gen.delete_variant(gen.variants()["id"][0], last=True)
    foreseen = gen.add_variant("/b.png", dry_run=True)
    assert foreseen.after["is_primary"].to_list() == [True]
    added = gen.add_variant("/b.png").op_id
    assert gen.variants()[["id", "is_primary"]].to_numpy().tolist() == [[added, True]]
    assert gen.details()["location"] == "/b.png"
    kit.undo()
    assert len(gen.variants()) == 0


def test_after_a_refresh_a_change_of_variants_begins_on_what_is_there_then(gen, kits):
    [first] = gen.variants()["id"]
    other = kits().generation(gen.id)
    other.add_variant("/b.png", is_primary=True)
    with pytest.raises(StaleVariantsError, match=r"gen\.variants\(\)"):
        gen.star(first)
    gen.refresh()
    gen.star(first)


def test_threads_on_one_handle_follow_each_other(gen):
    gen.variants()
    with ThreadPoolExecutor(3) as pool:
        adding = [pool.submit(gen.add_variant, f"/{n}.png", is_primary=True) for n in range(9)]
        for each in adding:
            each.result()
    assert len(gen.variants()) == 10


def test_a_dry_run_writes_nothing_and_shows_what_would_be(stage, gen):
    gen.add_variant("/b.png")
    [_, second] = gen.variants()["id"]
    stored = stage.stored()
    told = gen.make_primary(second, dry_run=True)
    assert stage.stored() == stored
    assert told.after["id"].to_list()[0] == second
    assert gen.variants()["id"].to_list()[1] == second


@pytest.mark.parametrize("change", ["make_primary", "delete_variant", "star", "viewed"])
def test_an_unknown_variant_is_refused_and_nothing_is_written(stage, gen, change):
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match="no variant of this generation"):
        getattr(gen, change)(NOBODY)
    assert stage.stored() == stored


def test_an_unknown_generation_is_told_and_what_is_no_id_too(kit):
    with pytest.raises(NotFoundError, match=NOBODY):
        kit.generation(NOBODY)
    with pytest.raises(ConfigurationError, match="no generation id"):
        kit.generation("Valley")


def test_its_details_have_prompt_and_seed(gen):
    told = gen.details()
    assert (told["name"], told["type"], told["prompt"], told["seed"]) == ("Valley", "image", "a valley", 7)
    assert repr(gen) == "<Generation 'Valley'>"


def test_its_html_shows_a_name_as_text(stage, kit):
    gen = kit.generation(stage.generation(name="<script>alert(1)</script>"))
    assert "<script>" not in gen._repr_html_()


def test_its_lineage_goes_both_ways(stage, kit):
    root = stage.generation(name="root")
    parent = stage.generation(name="parent")
    middle = stage.generation(name="middle", based_on=root, parent_generation_id=parent, is_child=True)
    derived = stage.generation(name="derived", based_on=middle)
    child = stage.generation(name="child", parent_generation_id=middle, is_child=True, child_order=1)
    grandchild = stage.generation(name="grandchild", based_on=derived)
    found = kit.generation(middle).lineage()
    assert [field.name for field in LINEAGE] == list(found.columns)
    told = {(row.name, row.depth, row.relation, row.of_id) for row in found.itertuples(index=False)}
    assert {(name, depth, relation) for name, depth, relation, _ in told} == {
        ("root", -1, "source"),
        ("parent", -1, "parent"),
        ("middle", 0, "self"),
        ("derived", 1, "derived"),
        ("child", 1, "child"),
        ("grandchild", 2, "derived"),
    }
    assert {name: of for name, _, _, of in told if name in {"root", "grandchild"}} == {
        "root": middle,
        "grandchild": derived,
    }
    assert found["depth"].is_monotonic_increasing
    assert found["generation_id"].is_unique
    assert {root, parent, child, grandchild} < set(found["generation_id"])


def test_a_lineage_that_runs_in_a_circle_ends(stage, kit):
    first = stage.generation()
    second = stage.generation(based_on=first)
    stage.connection.execute("update public.generations set based_on = %s where id = %s", [second, first])
    found = kit.generation(first).lineage()
    assert sorted(found["generation_id"]) == sorted([first, second])
