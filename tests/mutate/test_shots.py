"""New shots: stored whole, behind the last of their project, or refused, and then nothing is written."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    InvalidChangeError,
    NotFoundError,
    NotPermittedError,
    ReadOnlyError,
    WriteNotStoredError,
)
from shotkit.mutate import create_shot, duplicate_shot
from tests.mutate.conftest import as_dict
from tests.mutate.test_triggers import NO_SYNC, SKIPS, skip_what_is_locked
from tests.proxy import CUTS

NOBODY = "00000000-0000-4000-8000-00000000dead"


def shots(stage) -> list[tuple]:
    return stage.connection.execute(
        "select id::text, name, project_id::text, position, settings, aspect_ratio from public.shots"
        " order by position, id"
    ).fetchall()


def links(stage, shot: str) -> list[tuple]:
    return stage.connection.execute(
        "select generation_id::text, timeline_frame, metadata, created_at from public.shot_generations"
        " where shot_id = %s order by timeline_frame, created_at, id",
        (shot,),
    ).fetchall()


def everything(stage) -> list:
    return [*stage.stored(), *shots(stage)]


def frames(stage, shot: str) -> dict[str, int | None]:
    return dict(
        stage.connection.execute(
            "select id::text, timeline_frame from public.shot_generations where shot_id = %s", (shot,)
        ).fetchall()
    )


def test_a_new_shot_stands_behind_the_last_of_its_project(stage):
    stage.connection.execute("update public.shots set position = 7")
    change = create_shot(stage.database, stage.project, "Dusk'; --")
    assert shots(stage)[-1] == (change.op_id, "Dusk'; --", stage.project, 8, {}, None)
    assert change.before.empty
    assert change.after.empty
    assert change.code == f"""kit.create_shot({stage.project!r}, "Dusk'; --")"""
    assert not change.dry_run


def test_the_first_shot_of_a_project_is_number_one(stage):
    empty = stage.insert("projects", name="Empty", user_id=stage.user)
    create_shot(stage.database, empty, "First")
    assert {row[3] for row in shots(stage) if row[2] == empty} == {1}


def test_a_new_shot_may_begin_with_a_generation_at_frame_0(stage):
    generation = stage.generation()
    change = create_shot(stage.database, stage.project.upper(), "Dusk", generation)
    assert as_dict(change.after) == frames(stage, change.op_id) == {change.op_id: 0}
    assert change.code == f"kit.create_shot({stage.project!r}, 'Dusk', {generation!r})"
    assert stage.clean()


def test_a_duplicate_has_the_same_images_at_the_same_frames_with_prompts_and_age(stage):
    twice = stage.generation()
    for frame in (0, 40):
        stage.link(stage.shot_id, twice, frame, {"pair_prompt": f"at {frame}", "unknown": [1.5]})
    stage.link(stage.shot_id, stage.generation(type="video"), 20)
    stage.link(stage.shot_id, stage.generation(location="/a.MP4?x"), None)
    waiting = stage.link(stage.shot_id, stage.generation(), None)
    stage.connection.execute(
        "update public.shot_generations set created_at = '2001-01-01' where id = %s", (waiting,)
    )
    stage.connection.execute(
        "update public.shots set settings = %s, aspect_ratio = '16:9', position = 3", (Jsonb({"fps": 24}),)
    )
    change = duplicate_shot(stage.database, stage.shot_id)
    copy = change.op_id
    assert shots(stage)[-1] == (copy, "Dawn (copy)", stage.project, 4, {"fps": 24}, "16:9")
    original = links(stage, stage.shot_id)
    assert links(stage, copy) == [row for row in original if row[0] == twice or row[3].year == 2001]
    assert as_dict(change.after) == frames(stage, copy)
    assert change.before.empty
    assert change.code == "shot.duplicate()"
    assert stage.clean()


def test_an_empty_shot_has_an_empty_duplicate(stage):
    assert duplicate_shot(stage.database, stage.shot_id).after.empty
    assert len(shots(stage)) == 2


def test_the_op_id_given_is_the_new_shots_id_and_serves_once(stage):
    op_id = str(uuid4())
    assert create_shot(stage.database, stage.project, "Dusk", op_id=op_id).op_id == op_id
    before = everything(stage)
    with pytest.raises(InvalidChangeError):
        create_shot(stage.database, stage.project, "Dusk", op_id=op_id)
    with pytest.raises(InvalidChangeError, match="is no op_id"):
        create_shot(stage.database, stage.project, "Dusk", op_id="no id")
    assert everything(stage) == before


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "must be a text that is not empty"),
        (" \t\n", "must be a text that is not empty"),
        (None, "must be a text that is not empty, found None"),
        (7, "must be a text that is not empty, found 7"),
        (["x"], "must be a text that is not empty"),
        ("a\0b", "no text in PostgreSQL can hold"),
        ("\ud800", "no text in PostgreSQL can hold"),
    ],
)
def test_a_name_that_is_none_is_refused(stage, name, said, dry_run):
    before = everything(stage)
    with pytest.raises(InvalidChangeError, match=said):
        create_shot(stage.database, stage.project, name, dry_run=dry_run)
    assert everything(stage) == before


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
def test_ids_that_are_unknown_foreign_or_none_are_refused(stage, dry_run):
    other = stage.insert("projects", name="Other", user_id=stage.user)
    foreign = stage.generation(project=other)
    before = everything(stage)
    for project, generation, error in (
        (NOBODY, None, NotFoundError),
        ("x' or true", None, ConfigurationError),
        (stage.project, NOBODY, InvalidChangeError),
        (stage.project, foreign, InvalidChangeError),
        (stage.project, "x", InvalidChangeError),
    ):
        with pytest.raises(error):
            create_shot(stage.database, project, "Dusk", generation, dry_run=dry_run)
    for shot, error in ((NOBODY, NotFoundError), ("Dawn", ConfigurationError)):
        with pytest.raises(error):
            duplicate_shot(stage.database, shot, dry_run=dry_run)
    assert everything(stage) == before


def test_who_may_not_makes_no_shot(stage, databases):
    stage.links(0)
    stranger = stage.insert("users", name="Eve")
    before = everything(stage)
    with pytest.raises(NotFoundError):
        create_shot(databases(user_id=stranger), stage.project, "Dusk")
    with pytest.raises(NotFoundError):
        duplicate_shot(databases(user_id=stranger), stage.shot_id)
    for make in (
        lambda db: create_shot(db, stage.project, "x"),
        lambda db: duplicate_shot(db, stage.shot_id),
    ):
        with pytest.raises(ReadOnlyError):
            make(databases(read_only=True))
    assert everything(stage) == before
    stage.connection.execute("create policy seen on public.projects for select to authenticated using (true)")
    with pytest.raises(NotPermittedError, match="may see but not change project"):
        create_shot(databases(user_id=stranger), stage.project, "Dusk")
    assert everything(stage) == before


def test_a_user_makes_and_duplicates_his_own(stage, databases):
    stage.links(0, 10, None)
    mine = databases(user_id=stage.user)
    made = create_shot(mine, stage.project, "Dusk", stage.generation())
    assert len(duplicate_shot(mine, stage.shot_id).after) == 3
    assert len(duplicate_shot(mine, made.op_id).after) == 1
    assert [row[3] for row in shots(stage)] == [1, 2, 3, 4]
    assert stage.clean()


def test_a_dry_run_writes_nothing(stage):
    stage.links(0, 10, None)
    before = everything(stage)
    change = duplicate_shot(stage.database, stage.shot_id, dry_run=True)
    assert change.dry_run
    assert list(as_dict(change.after).values()) == [0, 10, None]
    assert as_dict(create_shot(stage.database, stage.project, "x", stage.generation(), dry_run=True).after)
    assert shots(stage) == before[-1:]


def test_calls_at_once_never_choose_the_same_position(stage, databases):
    stage.links(0, 10)

    def work(number: int) -> None:
        database = databases()
        for turn in range(10):
            if (turn + number) % 2:
                create_shot(database, stage.project, "Dusk")
            else:
                duplicate_shot(database, stage.shot_id)

    with ThreadPoolExecutor(4) as threads:
        for future in [threads.submit(work, number) for number in range(4)]:
            future.result()
    assert [row[3] for row in shots(stage)] == list(range(1, 42))
    assert stage.clean()


@pytest.mark.parametrize("cuts", CUTS, ids="-".join)
@pytest.mark.parametrize("what", ["create", "duplicate"])
def test_a_lost_answer_about_a_new_shot_is_found_out(stage, fragile, cutter, cuts, what):
    stage.links(0, 10)
    generation = stage.generation()
    cutter.cuts += cuts
    if what == "create":
        change = create_shot(fragile, stage.project, "Dusk", generation)
    else:
        change = duplicate_shot(fragile, stage.shot_id)
    assert not cutter.cuts
    assert [row[0] for row in shots(stage)] == [stage.shot_id, change.op_id]
    assert as_dict(change.after) == frames(stage, change.op_id)
    assert stage.clean()


def test_an_outcome_that_nobody_can_tell_is_told_as_unknown(stage, fragile, cutter):
    cutter.cuts += ["after", *["before"] * 1_000]
    with pytest.raises(ConnectionLostError, match="It is not known whether the change was stored"):
        create_shot(fragile, stage.project, "Dusk", deadline=0.2)
    assert len(shots(stage)) == 2


REVERTS = """
    create function public.revert() returns trigger language plpgsql as $$
    begin {} return new; end $$;
    create trigger revert before insert on public.{} for each row execute function public.revert()
"""


@pytest.mark.parametrize(
    ("table", "does"),
    [
        ("shots", "new.name := 'other';"),
        ("shots", "new.position := 1;"),
        ("shots", "new.settings := '{}';"),
        ("shots", "return null;"),
        ("shot_generations", "new.timeline_frame := 5;"),
        ("shot_generations", "new.metadata := '{}';"),
        ("shot_generations", "new.created_at := now();"),
        ("shot_generations", "return null;"),
    ],
)
def test_a_trigger_that_stores_another_shot_is_told_and_rolled_back(stage, table, does):
    stage.link(stage.shot_id, stage.generation(), 0, {"pair_prompt": "dawn"})
    stage.connection.execute("update public.shots set settings = '{\"fps\": 24}'")
    stage.connection.execute(REVERTS.format(does, table))
    before = everything(stage)
    with pytest.raises(WriteNotStoredError):
        duplicate_shot(stage.database, stage.shot_id)
    assert everything(stage) == before


def no_sync(stage) -> None:
    stage.connection.execute(NO_SYNC)


@pytest.mark.parametrize("skip", [pytest.param(skip_what_is_locked, marks=SKIPS), no_sync])
def test_shot_data_that_a_trigger_skips_is_mended(stage, database, skip):
    stage.links(0, 10)
    generation = stage.generation()
    skip(stage)
    with psycopg.connect(database) as holder:  # as the foreign-key check of somebody's new link holds it
        holder.execute("select from public.generations for key share")
        duplicate_shot(stage.database, stage.shot_id)
        create_shot(stage.database, stage.project, "Dusk", generation)
    assert stage.clean()


def test_a_shot_whose_triggers_make_a_parent_for_it_is_shown_with_that(stage):
    """As the April schema does: a generation of type 'video' and a link off the timeline."""
    stage.connection.execute(
        "create function public.with_parent() returns trigger language plpgsql as $$ declare parent uuid;"
        " begin insert into public.generations (project_id, type) values (new.project_id, 'video')"
        " returning id into parent;"
        " insert into public.shot_generations (shot_id, generation_id) values (new.id, parent);"
        " return null; end $$;"
        "create trigger with_parent after insert on public.shots"
        " for each row execute function public.with_parent()"
    )
    change = create_shot(stage.database, stage.project, "Dusk", stage.generation())
    assert list(as_dict(change.after).values()) == [0, None]
    assert as_dict(change.after) == frames(stage, change.op_id)
    copy = duplicate_shot(stage.database, change.op_id)
    assert list(as_dict(copy.after).values()) == [0, None]
    assert stage.clean()
