"""A stored change is taken back exactly, the undo too; it is refused where something came between."""

import json
from typing import Any

import pytest

from shotkit.errors import (
    ConfigurationError,
    InvalidChangeError,
    ReadOnlyError,
    StaleShotError,
    StaleVariantsError,
    WriteNotStoredError,
)
from shotkit.mutate import (
    Add,
    AddVariant,
    DeleteVariant,
    Exchange,
    Initialize,
    MakePrimary,
    Move,
    Normalize,
    Remove,
    Reorder,
    SetPrompts,
    StarVariant,
    Unplace,
    ViewVariant,
    apply_to_variants,
    create_shot,
    duplicate_shot,
    take_back,
)
from tests.mutate.conftest import DELETES_ORIGINALS, DRAGS_AGAIN, STARS, VIEWS, as_dict
from tests.mutate.test_triggers import NO_SYNC
from tests.mutate.test_variants import original_of, shown, with_what_they_need
from tests.proxy import CUTS

pytestmark = [DRAGS_AGAIN, DELETES_ORIGINALS]

OURS = ("user_positioned", "drag_source", "drag_session_id")
ODD = {"pair_prompt": "dawn", "unknown": [1.5, None, {"x": 1e300}], "number": 12345678901234567890.5}


def rows(stage) -> dict[str, dict[str, Any]]:
    """Every row a user can change, without what a move there and back changes."""
    found = {}
    for table in ("shots", "shot_generations", "generation_variants", "generations"):
        for (text,) in stage.connection.execute(f"select to_jsonb(t)::text from public.{table} t").fetchall():
            row = json.loads(text) | {"updated_at": None}
            if "metadata" in row:
                kept = row["metadata"] or {}
                row["metadata"] = {key: value for key, value in kept.items() if key not in OURS}
            found[row["id"]] = row
    return found


def back(stage, change, database=None, **options):
    return take_back(database or stage.database, change.undo, change.op_id, **options)


@pytest.fixture
def links(stage) -> list[str]:
    """Three on the timeline, the first with odd metadata and a pair, and two that wait beside it."""
    ids = [stage.link(stage.shot_id, stage.generation(), 0, ODD), *stage.links(10, 40, None, None)]
    if stage.schema != "s":  # which knows no pairs
        stage.generation(pair_shot_generation_id=ids[0])
    return ids


CHANGES = {
    "move": lambda ids, _: Move(ids[1], 77),
    "exchange": lambda ids, _: Exchange(((ids[0], ids[3]),)),
    "reorder": lambda ids, _: Reorder((ids[2], ids[0], ids[1])),
    "unplace the first": lambda ids, _: Unplace(ids[0]),
    "initialize": lambda *_: Initialize(9),
    "normalize": lambda *_: Normalize(),
    "add": lambda _, generation: Add(generation),
    "add beside": lambda _, generation: Add(generation, positioned=False),
    "remove the first": lambda ids, _: Remove(ids[0]),
    "remove": lambda ids, _: Remove(ids[2]),
    "remove beside": lambda ids, _: Remove(ids[4]),
    "prompts": lambda ids, _: SetPrompts(ids[0], "dusk", "fog"),
    "first prompts": lambda ids, _: SetPrompts(ids[1], "dusk"),
    "clear a prompt": lambda ids, _: SetPrompts(ids[0], ""),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_undone_exactly_and_redone_and_undone_again(stage, links, what):
    stage.connection.execute(
        "update public.shot_generations set timeline_frame = 200 where id = %s", (links[2],)
    )
    intent = CHANGES[what](links, stage.generation())
    before = rows(stage)
    change = stage.change(intent)
    after = rows(stage)
    assert after != before
    undo = back(stage, change)
    assert rows(stage) == before
    assert as_dict(undo.after) == stage.frames() == as_dict(change.before)
    assert undo.code == f"kit.undo({change.op_id!r})"
    redo = back(stage, undo)
    assert rows(stage) == after
    assert as_dict(redo.after) == stage.frames()
    back(stage, redo)
    assert rows(stage) == before
    assert stage.clean()


def test_prompts_that_stand_in_segment_overrides_go_back_there(stage):
    metadata = {"segmentOverrides": {"prompt": "dawn", "seed": 3}, "pair_negative_prompt": "fog"}
    link = stage.link(stage.shot_id, stage.generation(), 0, metadata)
    change = stage.change(SetPrompts(link, "dusk", "rain"))
    back(stage, change)
    assert stage.metadata(link) == metadata


def test_what_others_wrote_into_the_metadata_meanwhile_stays(stage):
    [link] = stage.links(0)
    change = stage.change(SetPrompts(link, "dusk"))
    stage.connection.execute("update public.shot_generations set metadata = metadata || '{\"locked\": true}'")
    back(stage, change)
    assert stage.metadata(link) == {"locked": True}


def test_a_later_change_must_be_undone_first(stage, links):
    first = stage.change(Move(links[1], 77))
    second = stage.change(Remove(links[0]))
    before = stage.stored()
    with pytest.raises(StaleShotError, match="0 links are new, 1 gone, 2 at another frame") as error:
        back(stage, first)
    assert (error.value.seen, error.value.found) == (first.frames, second.frames)
    assert stage.stored() == before
    back(stage, second)
    back(stage, first)
    assert stage.frames()[links[1]] == 10


ANOTHER_LINK = """
    insert into public.shot_generations (shot_id, generation_id)
    select shot_id, generation_id from public.shot_generations where id = %(id)s
"""
PROMPT_OF_THE_ADDED = """
    update public.shot_generations set metadata = metadata || '{"pair_prompt": "mine"}'
    where timeline_frame is null
"""
MEANWHILE = {
    "another link": (Move, ANOTHER_LINK),
    "gone": (Move, "delete from public.shot_generations where id = %(id)s"),
    "moved": (Move, "update public.shot_generations set timeline_frame = 999 where id = %(id)s"),
    "other prompt": (SetPrompts, 'update public.shot_generations set metadata = \'{"pair_prompt": "mine"}\''),
    "no prompt": (SetPrompts, "update public.shot_generations set metadata = null"),
    "prompt of the added": (Add, PROMPT_OF_THE_ADDED),
}


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize("what", MEANWHILE)
def test_what_changed_since_is_told_and_nothing_is_written(stage, what, dry_run):
    a, b = stage.links(0, 10)
    kind, meanwhile = MEANWHILE[what]
    intent = {
        Move: Move(a, 30),
        SetPrompts: SetPrompts(a, "dusk"),
        Add: Add(stage.generation(), positioned=False),
    }
    change = stage.change(intent[kind])
    stage.connection.execute(meanwhile, {"id": b})
    before = stage.stored()
    with pytest.raises(StaleShotError, match="changed since what would be undone") as error:
        back(stage, change, dry_run=dry_run)
    assert error.value.seen == change.frames
    assert error.value.found == stage.frames()
    assert stage.stored() == before


def test_a_dry_run_of_an_undo_tells_what_would_be_and_writes_nothing(stage, links):
    change = stage.change(Remove(links[0]))
    before = stage.stored()
    undo = back(stage, change, dry_run=True)
    assert as_dict(undo.after) == as_dict(change.before)
    assert undo.undo is None
    assert stage.stored() == before


def test_a_change_that_wrote_nothing_has_no_undo(stage):
    [a] = stage.links(5)
    assert stage.change(Move(a, 5)).undo is None
    assert stage.change(Move(a, 6), dry_run=True).undo is None


def test_a_generation_that_is_gone_brings_no_link_back(stage):
    a, _ = stage.links(0, 10)
    change = stage.change(Remove(a))
    stage.connection.execute(
        "delete from public.generations where not exists"
        " (select from public.shot_generations l where l.generation_id = generations.id)"
    )
    before = stage.stored()
    with pytest.raises(InvalidChangeError, match="There is no generation"):
        back(stage, change)
    assert stage.stored() == before


REVERTS = """
    create function public.revert() returns trigger language plpgsql as $$
    begin {} return new; end $$;
    create trigger revert before insert or update on public.{} for each row execute function public.revert()
"""


@pytest.mark.parametrize(
    ("intent", "does"),
    [
        (Remove, "new.metadata := '{}';"),
        (Remove, "new.created_at := now();"),
        (Remove, "new.timeline_frame := 7;"),
        (Remove, "return null;"),
        (lambda a: SetPrompts(a, "dusk"), "new.metadata := old.metadata;"),
        (lambda a: Move(a, 90), "new.timeline_frame := old.timeline_frame;"),
    ],
)
def test_an_undo_that_is_stored_otherwise_is_told_and_rolled_back(stage, links, intent, does):
    change = stage.change(intent(links[0]))
    stage.connection.execute(REVERTS.format(does, "shot_generations"))
    before = stage.stored()
    with pytest.raises(WriteNotStoredError):
        back(stage, change)
    assert stage.stored() == before


def test_shot_data_that_no_trigger_follows_is_mended(stage, links):
    change = stage.change(Remove(links[0]))
    copy = duplicate_shot(stage.database, stage.shot_id)
    stage.connection.execute(NO_SYNC)
    undo = back(stage, copy)
    back(stage, change)
    assert stage.clean()
    back(stage, undo)
    assert stage.clean()


def test_a_user_undoes_his_own_and_a_reader_nothing(stage, links, databases):
    mine, reader = databases(user_id=stage.user), databases(read_only=True)
    before = rows(stage)
    changes = [
        stage.change(Remove(links[0])),
        create_shot(mine, stage.project, "Dusk", stage.generation()),
    ]
    for change in reversed(changes):
        with pytest.raises(ReadOnlyError):
            back(stage, change, reader)
        back(stage, back(stage, back(stage, change, mine), mine), mine)
    after = rows(stage)
    assert {id_: row for id_, row in after.items() if id_ in before} == before


def test_a_change_of_an_unknown_kind_is_refused(stage):
    with pytest.raises(ConfigurationError, match="upgrade shotkit"):
        take_back(stage.database, '{"of": "dreams"}', "x")


@pytest.fixture
def generation(stage) -> str:
    params = json.dumps({"prompt": "x", "number": 1.10, "nested": [{"a": None}]})
    return stage.generation(location="/original.png", name="Dawn", params=params)


def variant(stage, generation, location="/new.png", **columns):
    intent = AddVariant(location, params={"seed": 3}, name="Dusk", variant_type="edit", **columns)
    return apply_to_variants(stage.database, generation, intent)


VARIANTS = {
    "make primary": lambda _, new: MakePrimary(new),
    "delete": lambda _, new: DeleteVariant(new),
    "delete the primary": lambda original, _: DeleteVariant(original),
    "star": lambda _, new: StarVariant(new),
    "unstar": lambda original, _: StarVariant(original, starred=False),
    "view": lambda _, new: ViewVariant(new),
    "add": lambda *_: AddVariant("/third.png", "/thumb.png", {"a": 1.5}, "edit", "Third"),
    "add a primary": lambda *_: AddVariant("/third.png", is_primary=True),
}


@pytest.mark.parametrize("what", with_what_they_need(VARIANTS))
def test_a_change_of_variants_is_undone_exactly_and_redone_and_undone_again(stage, generation, what):
    original, new = original_of(stage, generation), variant(stage, generation).op_id
    if stage.schema in STARS.args:
        apply_to_variants(stage.database, generation, StarVariant(original))
    variant(stage, generation, "/other.png")
    intent = VARIANTS[what](original, new)
    before = rows(stage)
    change = apply_to_variants(stage.database, generation, intent)
    after = rows(stage)
    assert after != before
    undo = back(stage, change)
    assert rows(stage) == before
    assert undo.after.equals(change.before)
    redo = back(stage, undo)
    assert rows(stage) == after
    back(stage, redo)
    assert rows(stage) == before


def test_the_last_variant_comes_back_and_fills_the_generation_again(stage, generation):
    before = rows(stage)
    change = apply_to_variants(
        stage.database, generation, DeleteVariant(original_of(stage, generation), last=True)
    )
    assert shown(stage, generation) == (None, None)
    back(stage, change)
    assert rows(stage) == before


CAME_BETWEEN = {
    "another variant": (MakePrimary, lambda *_: AddVariant("/x.png")),
    "another primary": (StarVariant, lambda _, new: MakePrimary(new)),
    "another star": (StarVariant, lambda _, new: StarVariant(new, starred=False)),
    "the new one is starred": (AddVariant, lambda _, new: StarVariant(new)),
    "gone": (AddVariant, lambda _, new: DeleteVariant(new)),
}


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize("what", with_what_they_need(CAME_BETWEEN))
def test_variants_that_changed_since_are_told_and_nothing_is_written(stage, generation, what, dry_run):
    original, added = original_of(stage, generation), variant(stage, generation)
    new, (kind, between) = added.op_id, CAME_BETWEEN[what]
    change = added if kind is AddVariant else apply_to_variants(stage.database, generation, kind(new))
    apply_to_variants(stage.database, generation, between(original, new))
    before = stage.stored()
    with pytest.raises(StaleVariantsError, match="changed since what would be undone") as error:
        back(stage, change, dry_run=dry_run)
    assert error.value.seen == dict(zip(change.after["id"], change.after["is_primary"], strict=True))
    assert stage.stored() == before


@VIEWS
def test_looking_at_a_new_variant_does_not_keep_it_from_being_undone(stage, generation):
    before = rows(stage)
    change = variant(stage, generation)
    apply_to_variants(stage.database, generation, ViewVariant(change.op_id))
    back(stage, change)
    assert rows(stage) == before


def test_a_dry_run_of_an_undo_of_variants_tells_what_would_be(stage, generation):
    change = apply_to_variants(
        stage.database, generation, DeleteVariant(original_of(stage, generation), last=True)
    )
    before = stage.stored()
    undo = back(stage, change, dry_run=True)
    assert undo.after.equals(change.before)
    assert stage.stored() == before


def test_a_variant_that_comes_back_otherwise_is_told_and_rolled_back(stage, generation):
    change = apply_to_variants(stage.database, generation, DeleteVariant(variant(stage, generation).op_id))
    stage.connection.execute(REVERTS.format("new.params := '{}';", "generation_variants"))
    before = stage.stored()
    with pytest.raises(WriteNotStoredError):
        back(stage, change)
    assert stage.stored() == before


@pytest.mark.parametrize("what", ["create", "duplicate"])
def test_a_new_shot_goes_whole_and_comes_back_whole(stage, links, what):
    generation = stage.generation()
    before = rows(stage)
    if what == "create":
        change = create_shot(stage.database, stage.project, "Dusk", generation)
    else:
        change = duplicate_shot(stage.database, stage.shot_id)
    after = rows(stage)
    undo = back(stage, change)
    assert rows(stage) == before
    assert as_dict(undo.before) == as_dict(change.after)
    assert undo.after.empty
    redo = back(stage, undo)
    assert rows(stage) == after
    assert as_dict(redo.after) == as_dict(change.after)
    back(stage, redo)
    assert rows(stage) == before
    assert stage.clean()


def test_a_shot_that_comes_back_where_another_stands_by_now_goes_behind_the_last(stage):
    undo = back(stage, create_shot(stage.database, stage.project, "Dusk"))
    create_shot(stage.database, stage.project, "Night")
    back(stage, undo)
    assert stage.connection.execute(
        "select name, position from public.shots order by position"
    ).fetchall() == [
        ("Dawn", 1),
        ("Night", 2),
        ("Dusk", 3),
    ]


SINCE = {
    "a link more": "insert into public.shot_generations (shot_id, generation_id)"
    " select id, %(generation)s from public.shots where id = %(shot)s",
    "a link less": "delete from public.shot_generations where shot_id = %(shot)s",
    "a link moved": "update public.shot_generations set timeline_frame = 5 where shot_id = %(shot)s",
    "a prompt": "update public.shot_generations set metadata = '{\"x\": 1}' where shot_id = %(shot)s",
    "a name": "update public.shots set name = 'Mine' where id = %(shot)s",
    "gone": "delete from public.shots where id = %(shot)s",
}


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize("what", SINCE)
def test_a_new_shot_that_somebody_worked_on_stays(stage, what, dry_run):
    generation = stage.generation()
    change = create_shot(stage.database, stage.project, "Dusk", generation)
    stage.connection.execute(SINCE[what], {"shot": change.op_id, "generation": generation})
    before = rows(stage)
    with pytest.raises(StaleShotError, match="changed since what would be undone"):
        back(stage, change, dry_run=dry_run)
    assert rows(stage) == before


@pytest.mark.parametrize("cuts", CUTS, ids="-".join)
@pytest.mark.parametrize(
    "what", ["move", "remove", "remove beside", "prompts", "variant", "shot", "shot again"]
)
def test_a_lost_answer_about_an_undo_is_found_out(stage, links, fragile, cutter, *, cuts, what):
    generation = stage.generation()
    before = rows(stage)
    if what in CHANGES:
        change = stage.change(CHANGES[what](links, generation))
    elif what == "variant":
        original = original_of(stage, generation)
        change = apply_to_variants(stage.database, generation, DeleteVariant(original, last=True))
    else:
        change = duplicate_shot(stage.database, stage.shot_id)
        if what == "shot again":
            before, change = rows(stage), back(stage, change)
    cutter.cuts += cuts
    undo = back(stage, change, fragile)
    assert not cutter.cuts
    assert rows(stage) == before
    assert undo.undo
    assert stage.clean()
