"""New shots through the handles."""

import pytest

from shotkit import InvalidChangeError, NotFoundError, ReadOnlyError


def test_a_new_shot_stands_behind_the_last_with_its_image_at_0(stage, kit):
    generation = stage.generation(name="first")
    change = kit.create_shot("Film", "Dusk", generation)
    assert kit.shots("Film")["name"].to_list() == ["Dawn", "Dusk"]
    shot = kit.shot(change.op_id)
    assert (shot.name, shot.timeline()["name"].to_list()) == ("Dusk", ["first"])
    assert len(kit.shot(kit.create_shot("Film", "Empty").op_id).links()) == 0
    assert stage.clean()


def test_a_duplicate_has_the_same_images_at_the_same_frames(stage, kit, shot):
    stage.links(0, 40, None)
    stage.link(shot.id, stage.generation(location="/film.mp4"), 80)
    change = shot.duplicate()
    copy = kit.shot(change.op_id)
    assert copy.name == "Dawn (copy)"
    same = ["generation_id", "timeline_frame", "metadata"]
    assert copy.timeline()[same].equals(shot.timeline()[same])
    assert copy.unpositioned()["generation_id"].equals(shot.unpositioned()["generation_id"])
    assert len(copy.videos()) == 0
    assert stage.clean()


@pytest.mark.parametrize("name", ["", "  ", None, 5, "a\0b"])
def test_a_shot_without_a_proper_name_is_refused_and_nothing_is_written(stage, kit, name):
    with pytest.raises(InvalidChangeError):
        kit.create_shot("Film", name)
    assert len(kit.shots()) == 1


def test_what_is_not_there_or_not_allowed_makes_no_shot(stage, kit, kits, shot):
    with pytest.raises(NotFoundError):
        kit.create_shot("No such film", "Dusk")
    with pytest.raises(InvalidChangeError):
        kit.create_shot("Film", "Dusk", "no id")
    with pytest.raises(ReadOnlyError):
        kits(read_only=True).create_shot("Film", "Dusk")
    with pytest.raises(ReadOnlyError):
        kits(read_only=True).shot(shot.id).duplicate()
    assert len(kit.shots()) == 1


def test_a_dry_run_makes_no_shot(stage, kit, shot):
    stage.links(0, 40)
    assert len(shot.duplicate(dry_run=True).after) == 2
    assert len(kit.create_shot("Film", "Dusk", stage.generation(), dry_run=True).after) == 1
    assert len(kit.shots()) == 1
