"""A change of a shot is stored as asked, by few statements, or refused, and then nothing is written."""

import pytest

from shotkit.errors import (
    InvalidChangeError,
    NotFoundError,
    NotPermittedError,
    ReadOnlyError,
    StaleShotError,
)
from shotkit.mutate import (
    Add,
    Exchange,
    Initialize,
    Move,
    MoveTo,
    Normalize,
    Place,
    Remove,
    Reorder,
    SetPrompts,
    Shift,
    Unplace,
    apply,
)
from shotkit.mutate.differ import difference
from tests.mutate.conftest import DRAGS_AGAIN, as_dict

pytestmark = DRAGS_AGAIN

THROUGH_A_POOLER = True

NOBODY = "00000000-0000-4000-8000-00000000dead"


def test_a_move_is_stored_and_told_with_both_orders(stage):
    a, b = stage.links(0, 50)
    change = stage.change(Move(a, 90), stage.frames())
    assert stage.frames() == as_dict(change.after) == {b: 50, a: 90}
    assert as_dict(change.before) == {a: 0, b: 50}
    assert list(change.after["id"]) == [b, a]
    assert (change.code, change.dry_run) == (f"shot.move('{a}', 90)", False)
    assert str(change.after["timeline_frame"].dtype) == "int64[pyarrow]"
    assert stage.clean()


def test_a_position_leaves_the_rest_of_the_metadata_as_it_was(stage):
    kept = {"pair_prompt": "dawn", "segmentOverrides": {"prompt": "", "seed": 4}, "mine": [1, None]}
    a = stage.link(stage.shot_id, stage.generation(), 3, kept | {"drag_source": "app"})
    change = stage.change(Move(a, 4))
    written = {"user_positioned": True, "drag_source": "move", "drag_session_id": change.op_id}
    assert stage.metadata(a) == kept | written


@pytest.mark.parametrize("metadata", [None, [], "text", 3])
def test_metadata_that_is_no_object_counts_as_an_empty_one(stage, metadata):
    a = stage.link(stage.shot_id, stage.generation(), 3, metadata)
    change = stage.change(Move(a, 4))
    assert stage.metadata(a)["drag_session_id"] == change.op_id


def test_every_change_of_positions_is_stored(stage):
    a, b, c, d = stage.links(0, 10, 20, None)
    for intent, frames in [
        (Exchange(((a, c),)), {c: 0, b: 10, a: 20, d: None}),
        (Exchange(((a, d),)), {c: 0, b: 10, d: 20, a: None}),
        (Reorder((d, c, b)), {d: 0, c: 10, b: 20, a: None}),
        (MoveTo((b,), 1), {d: 0, b: 5, c: 10, a: None}),
        (Shift((d, c), 5), {b: 5, d: 6, c: 16, a: None}),
        (Shift((c, d), -6), {d: 0, b: 5, c: 10, a: None}),
        (Place(a), {d: 0, b: 5, c: 10, a: 20}),
        (Unplace(d), {b: 0, c: 5, a: 15, d: None}),
        (Initialize(200), {b: 0, c: 5, a: 15, d: 215}),
        (Normalize(), {b: 0, c: 5, a: 15, d: 96}),
        (Remove(b), {c: 0, a: 10, d: 91}),
        (Remove(a), {c: 0, d: 91}),
    ]:
        change = stage.change(intent, stage.frames())
        assert stage.frames() == as_dict(change.after) == frames
    assert stage.clean()


def test_initialize_leaves_videos_off_the_timeline(stage):
    video = stage.link(stage.shot_id, stage.generation(type="video"))
    image = stage.link(stage.shot_id, stage.generation())
    stage.change(Initialize())
    assert stage.frames() == {image: 0, video: None}


def test_an_added_link_has_the_operations_id(stage):
    stage.links(0, 10)
    generation = stage.generation()
    first = stage.change(Add(generation), stage.frames())
    second = stage.change(Add(generation, positioned=False), stage.frames())
    assert stage.frames() == as_dict(second.after)
    assert (stage.frames()[first.op_id], stage.frames()[second.op_id]) == (20, None)
    assert stage.metadata(first.op_id)["drag_session_id"] == first.op_id
    assert stage.metadata(second.op_id) == {}
    assert stage.clean()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {"pair_prompt": "new", "pair_negative_prompt": "no"}),
        ({"pair_prompt": "old", "x": 1}, {"pair_prompt": "new", "x": 1, "pair_negative_prompt": "no"}),
        (
            {"pair_prompt": "old", "segmentOverrides": {"prompt": "", "seed": 1}},
            {
                "pair_prompt": "old",
                "segmentOverrides": {"prompt": "new", "seed": 1},
                "pair_negative_prompt": "no",
            },
        ),
    ],
)
def test_a_prompt_is_written_where_it_is_read_from(stage, before, after):
    a = stage.link(stage.shot_id, stage.generation(), 0, before)
    stage.change(SetPrompts(a, "new", "no"))
    assert stage.metadata(a) == after


def test_a_prompt_that_is_not_given_stays(stage):
    a = stage.link(stage.shot_id, stage.generation(), 0, {"pair_prompt": "old"})
    stage.change(SetPrompts(a, negative_prompt="'); drop table users; --"))
    assert stage.metadata(a) == {"pair_prompt": "old", "pair_negative_prompt": "'); drop table users; --"}


def test_a_dry_run_tells_and_writes_nothing(stage):
    a, b = stage.links(0, 10)
    generation, before = stage.generation(), stage.stored()
    change = stage.change(Move(a, 30), stage.frames(), dry_run=True)
    assert as_dict(change.after) == {b: 10, a: 30}
    assert (change.dry_run, change.xid, change.stored) == (True, None, None)
    assert stage.change(Remove(a), dry_run=True).removed == ()
    assert "not written" in repr(change)
    assert len(stage.change(Add(generation), dry_run=True).after) == 3
    assert stage.stored() == before


REFUSED = [
    (lambda ids: Move(ids["foreign"], 3), InvalidChangeError, "is no link of this shot"),
    (lambda ids: Move(ids["a"], -1), InvalidChangeError, "found -1"),
    (lambda ids: Move(ids["a"], 0.5), InvalidChangeError, r"found 0\.5"),
    (lambda ids: Reorder((ids["a"], ids["a"])), InvalidChangeError, "Named more than once"),
    (lambda ids: Exchange(((ids["a"], ids["foreign"]),)), InvalidChangeError, "is no link of this shot"),
    (lambda ids: MoveTo((ids["a"],), 9), InvalidChangeError, "found 9"),
    (lambda ids: Place(ids["a"]), InvalidChangeError, "on the timeline already"),
    (lambda _: Unplace(NOBODY), InvalidChangeError, "is no link of this shot"),
    (lambda _: Initialize(-3), InvalidChangeError, "The spacing"),
    (lambda ids: Remove(ids["foreign"]), InvalidChangeError, "is no link of this shot"),
    (lambda _: Add(NOBODY), InvalidChangeError, "There is no generation"),
    (lambda ids: Add(ids["elsewhere"]), InvalidChangeError, "of another project than the shot"),
    (lambda ids: SetPrompts(ids["a"]), InvalidChangeError, "No prompt was given"),
]


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize(("intent", "error", "said"), REFUSED)
def test_a_refused_change_writes_nothing(stage, intent, error, said, dry_run):
    a, _ = stage.links(0, 10)
    other = stage.insert("projects", name="Other", user_id=stage.user)
    ids = {
        "a": a,
        "foreign": stage.link(stage.shot("Other"), stage.generation(), 0),
        "elsewhere": stage.generation(project=other),
    }
    before = stage.stored()
    with pytest.raises(error, match=said):
        stage.change(intent(ids), stage.frames(), dry_run=dry_run)
    with pytest.raises(error, match=said):
        stage.change(intent(ids), dry_run=dry_run)
    assert stage.stored() == before


def test_what_breaks_a_rule_on_the_rows_seen_is_refused_before_anything_is_sent(stage, statements):
    a, _ = stage.links(0, 10)
    with pytest.raises(InvalidChangeError):
        stage.change(Move(a, -1), {a: 0})
    assert statements == []


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
def test_a_shot_that_changed_since_is_refused_with_both_orders(stage, dry_run):
    a, b = stage.links(0, 10)
    seen = stage.frames()
    stage.change(Move(b, 20))
    before = stage.stored()
    told = rf"0 links are new, 0 gone, 1 at another frame \({b} was at 10, is at 20\)"
    with pytest.raises(StaleShotError, match=told) as stale:
        stage.change(Reorder((b, a)), seen, dry_run=dry_run)
    assert (stale.value.seen, stale.value.found) == ({a: 0, b: 10}, {a: 0, b: 20})
    assert stage.stored() == before


def test_it_names_the_first_that_differ_and_counts_the_others():
    seen = {"gone": 0, "moved": 10, "taken off": 20, "same": 30}
    found = {"new": 5, "moved": 11, "taken off": None, "same": 30}
    assert difference(seen, found) == (
        "1 links are new, 1 gone, 2 at another frame (new was not there, is at 5; moved was at 10, is at 11; "
        "taken off was at 20, is off the timeline; and 1 more)"
    )


def test_a_rebased_change_is_worked_out_anew(stage):
    a, b = stage.links(0, 10)
    seen = stage.frames()
    stage.change(Move(b, 20))
    new = stage.link(stage.shot_id, stage.generation(), 5)
    stage.change(Reorder((b, a)), seen, rebase=True)
    assert stage.frames() == {b: 0, new: 5, a: 20}


def test_a_rebase_that_makes_no_sense_is_stale_and_writes_nothing(stage):
    a, b = stage.links(0, 10)
    seen = stage.frames()
    stage.change(Remove(b))
    before = stage.stored()
    with pytest.raises(StaleShotError, match=r"makes no sense on it now: .* is no link of this shot"):
        stage.change(Move(b, 4), seen, rebase=True)
    assert stage.stored() == before
    assert a in stage.frames()


def test_a_read_only_connection_refuses_and_still_tells_a_dry_run(stage, databases):
    a, _ = stage.links(0, 10)
    before, reader = stage.stored(), databases(read_only=True)
    with pytest.raises(ReadOnlyError):
        apply(reader, stage.shot_id, Move(a, 3))
    assert len(apply(reader, stage.shot_id, Move(a, 3), dry_run=True).after) == 2
    assert stage.stored() == before


def test_a_user_changes_his_own_shot_under_row_level_security(stage, databases):
    a, b = stage.links(0, 10)
    his = databases(user_id=stage.user)
    apply(his, stage.shot_id, Exchange(((a, b),)), seen=stage.frames())
    apply(his, stage.shot_id, Add(stage.generation()))
    apply(his, stage.shot_id, Remove(b))
    assert [*stage.frames().values()] == [0, 10]
    assert stage.clean()


def test_another_users_shot_does_not_exist_for_a_user(stage, databases):
    a, _ = stage.links(0, 10)
    before, stranger = stage.stored(), stage.insert("users", name="Eve")
    for dry_run in (False, True):
        with pytest.raises(NotFoundError, match="There is no shot"):
            apply(databases(user_id=stranger), stage.shot_id, Move(a, 3), dry_run=dry_run)
    assert stage.stored() == before


def test_another_users_generation_cannot_be_linked(stage, databases):
    stranger = stage.insert("users", name="Eve")
    theirs = stage.insert("projects", name="Hers", user_id=stranger)
    generation = stage.generation(project=theirs)
    before = stage.stored()
    with pytest.raises(InvalidChangeError, match=r"There is no generation .* that this user may link"):
        apply(databases(user_id=stage.user), stage.shot_id, Add(generation))
    assert stage.stored() == before


@pytest.mark.parametrize(
    ("barrier", "said"),
    [
        (
            "revoke update on public.shot_generations from authenticated",
            "may not use the table shot_generations",
        ),
        (
            "create policy look on public.shots as restrictive for update to authenticated using (false)",
            "may see but not change shot",
        ),
        (
            (
                "create policy look on public.shot_generations as restrictive for update to authenticated"
                " using (timeline_frame <> 10)"
            ),
            "may see but not change 1 links",
        ),
    ],
)
def test_a_user_who_may_not_is_told_so_and_nothing_is_written(stage, databases, barrier, said):
    a, b = stage.links(0, 10)
    stage.connection.execute(barrier)
    before = stage.stored()
    with pytest.raises(NotPermittedError, match=said):
        apply(databases(user_id=stage.user), stage.shot_id, Exchange(((a, b),)), seen=stage.frames())
    assert stage.stored() == before


def test_a_prompt_is_no_way_into_the_statements(stage):
    a = stage.link(stage.shot_id, stage.generation(), 0, {"pair_prompt": "%(op_id)s"})
    text = "%(shot_id)s '; select 1; -- {}"
    stage.change(SetPrompts(a, text))
    assert stage.metadata(a)["pair_prompt"] == text
