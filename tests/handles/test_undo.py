"""Undo and redo by the handles: exactly back, refused where anything changed since, seen by every handle."""

import pytest

from shotkit import InvalidChangeError, NotFoundError, StaleShotError, StaleVariantsError
from tests.handles.test_edits import CHANGES

THROUGH_A_POOLER = True


@pytest.fixture
def ids(stage):
    return stage.links(0, 40, 100, None)


def links(shot):
    keep = ["id", "generation_id", "timeline_frame"]
    return shot.links()[keep].sort_values("id").reset_index(drop=True)


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "normalize"])
def test_a_change_is_taken_back_and_made_again(stage, kit, shot, ids, name):
    change, _ = CHANGES[name]
    before, prompts = links(shot), shot.pair_prompts()
    change(shot, ids)
    after, prompted = links(shot), shot.pair_prompts()
    kit.undo()
    assert links(shot).equals(before)
    assert shot.pair_prompts().equals(prompts)
    shot.refresh()
    assert links(shot).equals(before)
    kit.redo()
    assert links(shot).equals(after)
    assert shot.pair_prompts().equals(prompted)
    shot.undo()
    assert links(shot).equals(before)
    assert stage.clean()


def test_changes_are_taken_back_one_by_one_to_the_first(stage, kit, shot, ids):
    before = stage.frames()
    shot.timeline()
    shot.move(ids[0], 20)
    shot.unplace(ids[1])
    shot.add(stage.generation())
    shot.remove(ids[2])
    for _ in range(4):
        kit.undo()
    assert stage.frames() == before
    with pytest.raises(InvalidChangeError, match="nothing to undo"):
        kit.undo()
    for _ in range(4):
        kit.redo()
    with pytest.raises(InvalidChangeError, match="nothing to redo"):
        kit.redo()
    assert stage.clean()
    assert set(kit.history()["status"]) == {"stored"}


def test_an_undo_is_refused_with_the_difference_where_the_shot_changed_since(stage, kit, shot, ids):
    shot.move(ids[0], 20)
    stage.connection.execute("update public.shot_generations set timeline_frame = 7 where id = %s", [ids[1]])
    stored = stage.stored()
    with pytest.raises(StaleShotError) as refused:
        kit.undo()
    assert (refused.value.seen[ids[1]], refused.value.found[ids[1]]) == (40, 7)
    assert stage.stored() == stored


def test_an_undo_of_the_kit_is_seen_by_the_handles_that_showed_what_it_found(kit, shot, ids):
    shot.timeline()
    shot.move(ids[0], 20)
    kit.undo()
    assert shot.timeline()["timeline_frame"].to_list() == [0, 40, 100]
    shot.move(ids[0], 30)
    kit.undo()
    shot.move(ids[0], 35)  # without looking in between: the undo was this user's own


def test_a_named_change_is_taken_back_and_a_dry_run_only_tells(stage, kit, shot, ids):
    change = shot.move(ids[0], 20)
    stored = stage.stored()
    assert kit.undo(change.op_id, dry_run=True).frames == change.frames_before
    assert shot.undo(dry_run=True).dry_run
    assert stage.stored() == stored
    kit.undo(change.op_id)
    with pytest.raises(InvalidChangeError, match="undone already"):
        kit.undo(change.op_id)
    with pytest.raises(NotFoundError, match=r"kit\.history"):
        kit.undo("no such change")


def test_an_interrupted_change_that_was_found_stored_does_not_stand_in_the_way(
    kit, stage, shot, ids, monkeypatch
):
    other = kit.shot(stage.shot("Other"))
    generation = stage.generation()
    shot.move(ids[0], 20)
    with monkeypatch.context() as patched:
        patched.setattr(kit._session.journal, "settle", lambda *_: None)
        added = other.add(generation)
    assert kit.history()["status"].to_list() == ["stored", "stored"]
    with pytest.raises(
        InvalidChangeError, match=r"add cannot be undone: it was found stored later.*kit\.undo\("
    ):
        kit.undo(added.op_id)
    with pytest.warns(UserWarning, match=r"add of .* was passed over.*undoes what came before it: move"):
        kit.undo()
    assert stage.frames()[ids[0]] == 0
    with pytest.raises(InvalidChangeError, match="add cannot be undone"):
        kit.undo()


def test_a_change_that_changed_nothing_is_nowhere(kit, shot, ids):
    shot.move(ids[0], 20)
    shot.move(ids[0], 20)
    nothing = shot.normalize() and shot.normalize()
    assert kit.history()["what"].to_list() == ["normalize", "move"]
    assert kit.script().count("made[") == 2
    with pytest.raises(NotFoundError, match="wrote nothing"):
        kit.undo(nothing.op_id)
    kit.undo()
    kit.undo()
    assert shot.timeline()["timeline_frame"].to_list() == [0, 40, 100]


def test_a_shot_takes_back_its_own_changes_only(kit, stage, shot, ids):
    other = kit.shot(stage.shot("Other"))
    link = stage.link(other.id, stage.generation(), 0)
    shot.move(ids[0], 20)
    other.move(link, 20)
    shot.undo()
    assert stage.frames()[ids[0]] == 0
    assert other.timeline()["timeline_frame"].to_list() == [20]


def test_changes_of_variants_are_taken_back(stage, kit, shot, ids):
    gen = kit.generation(shot.timeline()["generation_id"].iloc[0])
    before = gen.variants()
    added = gen.add_variant("/b.png", params={"seed": 3}, is_primary=True).op_id
    gen.viewed(added)
    gen.delete_variant(added)
    assert shot.timeline()["location"].iloc[0] == "/a.png"
    kit.undo()
    assert gen.variants()["id"].to_list()[0] == added
    assert shot.timeline()["location"].iloc[0] == "/b.png"
    kit.undo()
    assert gen.variants()["id"].to_list() == before["id"].to_list()
    assert shot.timeline()["location"].iloc[0] == "/a.png"
    gen.star(before["id"].iloc[0])
    stage.connection.execute("update public.generation_variants set starred = false")
    gen.add_variant("/c.png")
    stage.connection.execute("delete from public.generation_variants where location = '/c.png'")
    with pytest.raises(StaleVariantsError):
        kit.undo()


def test_new_shots_are_taken_back(kit, shot, ids):
    shot.duplicate()
    kit.create_shot("Film", "Dusk", shot.timeline()["generation_id"].iloc[0])
    assert len(kit.shots()) == 3
    kit.undo()
    kit.undo()
    assert kit.shots()["name"].to_list() == ["Dawn"]
    kit.redo()
    assert kit.shots()["name"].to_list() == ["Dawn", "Dawn (copy)"]
