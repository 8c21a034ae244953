"""Loading in every era: each shape of shot_data, mixed in one table too, comes to the same rows."""

import json

import pytest

SHAPES = {"as the triggers left it": None, "a scalar": "{}", "a list": "[{}]"}
FRAMES = (0, 50, 120, None)


def link_all(world, shot):
    members = [world.generation(name=str(n)) for n in range(len(FRAMES))]
    links = [world.link(shot.id, each, frame) for each, frame in zip(members, FRAMES, strict=True)]
    return members, links


def rows_of(shot, links):
    """The shot's rows but for the parent that A makes with it."""
    shot.refresh()
    rows = shot.generations()
    return rows[rows["id"].isin(links)].reset_index(drop=True)


@pytest.mark.parametrize("shapes", [[name] for name in SHAPES] + [list(SHAPES)[1:]], ids="+".join)
def test_a_shot_is_the_same_rows_in_every_shape(world, kit, shapes):
    shot = kit.shot(world.shot())
    members, links = link_all(world, shot)
    for number, (generation, frame) in enumerate(zip(members, FRAMES, strict=True)):
        if shape := SHAPES[shapes[number % len(shapes)]]:
            world.store(generation, f'{{"{shot.id}": {shape.format(json.dumps(frame))}}}')
    rows = rows_of(shot, links)
    assert rows["generation_id"].to_list() == members
    assert rows["timeline_frame"].array._pa_array.to_pylist() == list(FRAMES)
    assert len(shot.drift()) == 0
    assert set(members) <= set(shot.images()["generation_id"])
    assert shot.timeline()["id"].to_list() == links[:3]
    assert shot.unpositioned()["id"].to_list() == links[3:]
    assert set(links) <= set(shot.links()["id"])


@pytest.mark.parametrize("nothing", [None, "{}"])
def test_links_without_their_entries_are_rows_and_told_as_drift(world, kit, nothing):
    shot = kit.shot(world.shot())
    members, links = link_all(world, shot)
    for generation in members:
        world.store(generation, nothing)
    assert rows_of(shot, links)["generation_id"].to_list() == members
    assert shot.drift()["verdict"].to_list() == ["missing"] * len(FRAMES)


def test_what_a_scalar_lost_is_told_and_both_rows_are_there(world, kit, era):
    shot = kit.shot(world.shot())
    generation = world.generation()
    links = [world.link(shot.id, generation, frame) for frame in (0, 100)]
    assert rows_of(shot, links)["timeline_frame"].to_list() == [0, 100]
    assert shot.drift()["verdict"].to_list() == (["missing"] if era == "s" else [])


def test_the_lists_are_read(world, kit, era):
    shot_id = world.shot()
    parent = world.generation(type="video", location="/film.mp4")
    child = world.generation(parent_generation_id=parent, is_child=True, child_order=0, based_on=parent)
    if era != "s":
        world.insert("generation_variants", generation_id=child, location="/c.png", is_primary=True)
    world.link(shot_id, parent, 0)
    task = world.insert("tasks", task_type="stitch", params="{}", project_id=world.project)
    needed = task if era == "s" else [task]
    later = world.insert(
        "tasks", task_type="stitch", params="{}", project_id=world.project, dependant_on=needed
    )
    world.insert("credits_ledger", user_id=world.user, amount=5, type="stripe", task_id=task)

    assert kit.projects()["id"].to_list() == [world.project]
    assert kit.shots("Film")["links"].to_list() == [2 if era == "a" else 1]
    assert kit.generations(shot="Dawn")["generation_id"].to_list() == [parent]
    assert kit.generations(parent=parent)["generation_id"].to_list() == [child]
    assert kit.variants(child)["is_primary"].to_list() == [True]
    assert kit.variants(child)["starred"].to_list() == [False]
    assert kit.generation(child).lineage()["generation_id"].to_list() == [parent, child]
    tasks = kit.tasks().set_index("id")
    assert [list(needed) for needed in tasks.loc[[later], "dependant_on"]] == [[task]]
    assert kit.ledger()["amount"].astype(float).to_list() == [5.0]


@pytest.mark.parametrize("shape", ["{}", "[{}]"], ids=["scalar", "list"])
def test_the_gallery_knows_what_is_in_a_shot_in_either_shape(world, kit, shape):
    shot = world.shot()
    placed, loose, free = (world.generation(name=name) for name in ("placed", "loose", "free"))
    world.store(placed, f'{{"{shot}": {shape.format(5)}}}')
    world.store(loose, f'{{"{shot}": {shape.format("null")}}}')
    assert set(kit.generations(shot="Dawn")["generation_id"]) == {placed, loose}
    assert kit.generations(shot="Dawn", unpositioned=True)["generation_id"].to_list() == [loose]
    assert kit.generations(in_no_shot=True)["generation_id"].to_list() == [free]
