"""Changes where both shapes of shot_data stand in one table, as they did between S and J."""

import json

from shotkit.audit import run
from tests.eras.test_changes import FRAMES, MOVES, OTHERS, Scene

CHANGES = {name: change for name, (change, _) in MOVES.items()} | OTHERS


def mixed(world, kit) -> Scene:
    """A scene with every second document of lists, the others of scalars, in its shot and in another."""
    scene = Scene(world, kit)
    other = world.shot("Dusk")
    for number, (generation, frame) in enumerate(zip(scene.members, FRAMES, strict=True)):
        world.link(other, generation, 7)
        shape = "[{}]" if number % 2 else "{}"
        cells = {scene.shot.id: frame, other: 7}
        document = ", ".join(f'"{shot}": {shape.format(json.dumps(cell))}' for shot, cell in cells.items())
        world.store(generation, f"{{{document}}}")
    return scene


def drift(kit) -> set[tuple[str, str, str]]:
    """What the audit finds of shot_data, the shape of its entries aside: they say the right frames."""
    found = run(kit.database, "0001").findings
    return set(found.loc[found["verdict"] != "legacy_shape", "key"])


def scalars(kit) -> set[str]:
    """The entries of which the audit finds the shape to be the old one."""
    found = run(kit.database, "0001").findings
    return set(found.loc[found["verdict"] == "legacy_shape", "key"])


def test_no_change_leaves_drift_beside_entries_of_the_other_shape_nor_does_taking_it_back(world, kit, era):
    for name, change in CHANGES.items():
        scene = mixed(world, kit)
        before = scalars(kit)
        assert len(before) >= 4
        change(scene)
        assert (name, drift(kit), len(scene.shot.drift())) == (name, set(), 0)
        # Where the era's own trigger still writes scalars, what it writes is one.
        assert era == "s" or scalars(kit) <= before
        if name in OTHERS or era == "a":
            kit.undo()
            scene.shot.refresh()
            assert (name, drift(kit), len(scene.shot.drift())) == (name, set(), 0)


def test_a_shot_of_both_shapes_is_loaded_and_moved_as_one_of_lists(world, kit):
    scene = mixed(world, kit)
    links = dict(zip(scene.links, FRAMES, strict=True))
    rows = scene.shot.generations()
    found = dict(zip(rows["id"], rows["timeline_frame"].array._pa_array.to_pylist(), strict=True))
    assert {link: found[link] for link in links} == links
    scene.shot.move(scene.links[1], 60)
    kept = scene.shot.timeline()["timeline_frame"].to_list()
    assert kept == [0, 60, 120]
