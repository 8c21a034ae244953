"""A shot's changes through its handle: stored and shown as stored, or refused with nothing written."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shotkit import (
    ConfigurationError,
    InvalidChangeError,
    NotPermittedError,
    ReadOnlyError,
    StaleShotError,
    WriteNotStoredError,
)
from shotkit.model.tables import GENERATIONS
from shotkit.mutate import Move
from tests.mutate.conftest import as_dict

NOBODY = "00000000-0000-4000-8000-00000000dead"
# Each change by its name in the interface, on links a, b, c at 0, 40, 100 and d off the timeline.
CHANGES = {
    "move": (lambda shot, ids: shot.move(ids[0], 60), (60, 40, 100, None)),
    "exchange": (lambda shot, ids: shot.exchange(ids[0], ids[3]), (None, 40, 100, 0)),
    "reorder": (lambda shot, ids: shot.reorder([ids[2], ids[0], ids[1]]), (40, 100, 0, None)),
    "move_to": (lambda shot, ids: shot.move_to(ids[0], 1), (70, 40, 100, None)),
    "move_to several": (lambda shot, ids: shot.move_to([ids[1], ids[2]], 0), (81, 0, 40, None)),
    "shift": (lambda shot, ids: shot.shift(ids[1:3], 30), (0, 70, 130, None)),
    "place": (lambda shot, ids: shot.place(ids[3]), (0, 40, 100, 150)),
    "place at": (lambda shot, ids: shot.place(ids[3], 70), (0, 40, 100, 70)),
    "unplace": (lambda shot, ids: shot.unplace(ids[0]), (None, 0, 60, None)),
    "initialize": (lambda shot, _: shot.initialize(20), (0, 40, 100, 120)),
    "normalize": (lambda shot, _: shot.normalize(), (0, 40, 100, None)),
    "remove": (lambda shot, ids: shot.remove(ids[0]), (0, 60, None)),
    "set_prompts": (lambda shot, ids: shot.set_prompts(ids[0], "rise", "blur"), (0, 40, 100, None)),
}


@pytest.fixture
def ids(stage):
    return stage.links(0, 40, 100, None)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_stored_and_the_handle_shows_what_is_stored_without_reading_it(  # noqa: PLR0917
    stage, shot, ids, kits, statements, name
):
    change, frames = CHANGES[name]
    shot.generations()
    done = change(shot, ids)
    statements.clear()
    shown, timeline = shot.generations(), shot.timeline()
    assert statements == []
    read = kits().shot(shot.id)
    assert shown.drop(columns="updated_at").equals(read.generations().drop(columns="updated_at"))
    assert shown["updated_at"].to_list() == read.generations()["updated_at"].to_list()
    assert timeline.equals(read.timeline())
    assert shot.links().sort_values("id").equals(read.links().sort_values("id"))
    left = ids if len(frames) == len(ids) else ids[1:]
    assert stage.frames() == as_dict(done.after) == dict(zip(left, frames, strict=True))
    assert as_dict(done.before) == dict(zip(ids, (0, 40, 100, None), strict=True))
    assert stage.clean()


@pytest.mark.parametrize("name", CHANGES)
def test_the_code_of_a_change_repeats_it(stage, shot, ids, kits, name):
    change, _ = CHANGES[name]
    code = change(shot, ids).code
    after = stage.frames()
    stage.connection.execute("delete from public.shot_generations")
    names = dict(zip(ids, stage.links(0, 40, 100, None), strict=True))
    for old, new in names.items():
        code = code.replace(old, new)
    exec(code, {"shot": kits().shot(shot.id)}, {})  # noqa: S102  it is what is promised
    assert stage.frames() == {names[id_]: frame for id_, frame in after.items()}


def test_an_added_generation_is_read_with_the_next_call(stage, shot, ids):
    shot.generations()
    change = shot.add(stage.generation(name="new"))
    assert shot.timeline()["name"].to_list()[-1] == "new"
    assert shot.timeline()["id"].to_list() == [*ids[:3], change.op_id]
    off = shot.add(stage.generation(), positioned=False)
    assert shot.unpositioned()["id"].to_list() == [ids[3], off.op_id]


def test_phase_1_is_read_again_after_a_change(shot, ids):
    assert shot.images()["timeline_frame"].to_list()[:3] == [0, 40, 100]
    shot.move(ids[0], 60)
    assert shot.images()["timeline_frame"].to_list()[:3] == [40, 60, 100]


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "normalize"])
def test_a_dry_run_tells_what_would_be_and_changes_nothing(stage, shot, ids, name):
    change, _ = CHANGES[name]
    shown, stored = shot.generations(), stage.stored()

    class Dry:
        def __getattr__(self, method):
            return lambda *given: getattr(shot, method)(*given, dry_run=True)

    told = change(Dry(), ids)
    assert told.dry_run
    assert stage.stored() == stored
    assert shot.generations().equals(shown)
    assert as_dict(change(shot, ids).after) == as_dict(told.after) == stage.frames()


def test_a_shot_that_is_not_as_the_handle_showed_it_refuses_until_it_is_looked_at_again(stage, shot, ids):
    shot.timeline()
    stage.connection.execute("update public.shot_generations set timeline_frame = 7 where id = %s", [ids[0]])
    stored = stage.stored()
    for _ in range(2):
        with pytest.raises(StaleShotError) as refused:
            shot.move(ids[1], 60)
        assert (refused.value.seen[ids[0]], refused.value.found[ids[0]]) == (0, 7)
        assert stage.stored() == stored
    assert shot.timeline()["timeline_frame"].to_list() == [7, 40, 100]
    shot.move(ids[1], 60)
    assert stage.frames()[ids[1]] == 60


def test_a_stale_change_that_still_makes_sense_is_worked_out_anew_with_rebase(stage, shot, ids):
    shot.timeline()
    stage.connection.execute("update public.shot_generations set timeline_frame = 60 where id = %s", [ids[0]])
    shot.move(ids[1], 60, rebase=True)
    assert stage.frames() == {ids[0]: 60, ids[1]: 61, ids[2]: 100, ids[3]: None}
    assert shot.timeline()["timeline_frame"].to_list() == [60, 61, 100]


def test_two_handles_have_seen_each_what_it_showed(kit, shot, ids):
    other = kit.shot(shot.id)
    shot.timeline(), other.timeline()
    shot.move(ids[0], 20)
    with pytest.raises(StaleShotError):
        other.move(ids[1], 60)
    assert other.timeline()["timeline_frame"].to_list() == [20, 40, 100]
    other.move(ids[1], 60)


def test_after_a_refresh_a_change_begins_on_what_is_there_then(stage, shot, ids):
    shot.timeline()
    set_frame(stage, ids[0], 7)
    with pytest.raises(StaleShotError, match=r"shot\.timeline\(\)"):
        shot.move(ids[1], 60)
    shot.refresh()
    shot.move(ids[1], 60)
    shot.refresh()
    set_frame(stage, ids[0], 8)
    with pytest.raises(StaleShotError):
        shot.move(ids[1], 61)


def test_a_refresh_of_a_handle_that_showed_nothing_reads_nothing(shot, ids, statements):
    shot.refresh()
    assert statements == []


def test_threads_on_one_handle_follow_each_other(stage, shot, ids):
    shot.timeline()

    def moves(id_, first):
        for frame in range(first, first + 5):
            shot.move(id_, frame)
            shot.timeline()

    with ThreadPoolExecutor(3) as pool:
        for each in [pool.submit(moves, id_, 200 * n) for n, id_ in enumerate(ids[:3], 1)]:
            each.result()
    assert stage.frames() == {ids[0]: 204, ids[1]: 404, ids[2]: 604, ids[3]: None}


def test_a_thread_that_undoes_and_one_that_moves_follow_each_other(stage, shot, ids):
    shot.timeline()

    def undone(frame):
        shot.move(ids[0], frame)
        shot.undo()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(undone, frame) for frame in range(200, 208)]:
            each.result()
    assert stage.frames() == {ids[0]: 0, ids[1]: 40, ids[2]: 100, ids[3]: None}


def test_a_handle_that_showed_nothing_has_nothing_to_compare(stage, shot, ids):
    shot.images()
    stage.connection.execute("update public.shot_generations set timeline_frame = 7 where id = %s", [ids[0]])
    shot.move(ids[1], 60)
    assert stage.frames() == {ids[0]: 7, ids[1]: 60, ids[2]: 100, ids[3]: None}


def set_frame(stage, link, frame):
    stage.connection.execute(
        "update public.shot_generations set timeline_frame = %s where id = %s", [frame, link]
    )


def test_a_change_made_without_looking_lets_go_of_older_rows(stage, kit, shot, ids):
    kit.shot(shot.id).timeline()
    set_frame(stage, ids[0], 7)
    shot.move(ids[1], 60)
    assert shot.timeline()["timeline_frame"].to_list() == [7, 60, 100]


def test_a_refusal_lets_go_of_rows_that_are_older_than_what_was_found(stage, kit, shot, ids):
    shot.timeline()
    other = kit.shot(shot.id)
    set_frame(stage, ids[0], 7)
    other.refresh()
    other.timeline()
    set_frame(stage, ids[0], 8)
    with pytest.raises(StaleShotError):
        shot.move(ids[1], 60)
    assert shot.timeline()["timeline_frame"].to_list() == [8, 40, 100]


def test_what_a_caller_says_it_saw_counts(stage, shot, ids):
    frames = stage.frames()
    shot.move(ids[0], 20)
    stored = stage.stored()
    with pytest.raises(StaleShotError):
        shot.move(ids[1], 60, seen=frames)
    assert stage.stored() == stored
    shot.apply(Move(ids[1], 60), seen=stage.frames())
    assert stage.frames()[ids[1]] == 60
    rows = shot.generations()
    shot.move(ids[1], 40, seen=dict(zip(rows["id"], rows["timeline_frame"], strict=True)))  # one frame is NA
    assert stage.frames()[ids[1]] == 40


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda shot, _: shot.move(NOBODY, 3), "is no link of this shot"),
        (lambda shot, ids: shot.move(ids[0], -1), "whole number from 0"),
        (lambda shot, ids: shot.move(ids[0], 1.5), "whole number from 0"),
        (lambda shot, ids: shot.place(ids[3], "7"), "whole number from 0"),
        (lambda shot, ids: shot.reorder([ids[0], ids[0]]), "more than once"),
        (lambda shot, _: shot.reorder("no id"), "is no link of this shot"),
        (lambda shot, ids: shot.exchange(ids[0], ids[0]), "more than once"),
        (lambda shot, ids: shot.move_to(ids[0], 9), "The index"),
        (lambda shot, _: shot.add("no id"), "is no generation id"),
        (lambda shot, _: shot.add(NOBODY), "no generation"),
        (lambda shot, ids: shot.remove(ids[0] + "'"), "is no link of this shot"),
        (lambda shot, ids: shot.set_prompts(ids[0]), "No prompt was given"),
        (lambda shot, ids: shot.set_prompts(ids[0], "a\0b"), "no text in PostgreSQL"),
        (lambda shot, _: shot.initialize(0), "The spacing"),
    ],
)
@pytest.mark.parametrize("looked", [True, False])
def test_what_breaks_a_rule_is_refused_by_name_and_nothing_is_written(  # noqa: PLR0917
    stage, shot, ids, change, said, looked
):
    if looked:
        shot.generations()
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match=said):
        change(shot, ids)
    assert stage.stored() == stored
    assert shot.timeline()["timeline_frame"].to_list() == [0, 40, 100]


def test_a_link_of_another_shot_is_foreign(stage, shot, ids):
    foreign = stage.link(stage.shot("Dusk"), stage.generation(), 0)
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match="is no link of this shot"):
        shot.move(foreign, 3)
    assert stage.stored() == stored


def test_a_read_only_kit_refuses_changes(stage, ids, kits):
    shot = kits(read_only=True).shot(stage.shot_id)
    stored = stage.stored()
    with pytest.raises(ReadOnlyError):
        shot.move(ids[0], 20)
    assert shot.move(ids[0], 20, dry_run=True).dry_run
    assert stage.stored() == stored
    assert shot.timeline()["timeline_frame"].to_list() == [0, 40, 100]


def test_a_user_without_the_right_is_refused_and_sees_the_rows_as_they_are(stage, ids, kits):
    stage.connection.execute("revoke update on public.shot_generations, public.shots from authenticated")
    shot = kits(user_id=stage.user).shot(stage.shot_id)
    shown, stored = shot.timeline(), stage.stored()
    with pytest.raises(NotPermittedError):
        shot.move(ids[0], 20)
    assert stage.stored() == stored
    assert shot.timeline().equals(shown)


def test_a_write_that_the_database_turns_into_another_is_taken_back_from_the_screen(stage, shot, ids):
    stage.connection.execute(
        "create function public.pin() returns trigger language plpgsql as"
        " $$ begin new.timeline_frame := old.timeline_frame; return new; end $$;"
        "create trigger pin before update on public.shot_generations"
        " for each row execute function public.pin()"
    )
    shown, stored = shot.timeline(), stage.stored()
    with pytest.raises(WriteNotStoredError):
        shot.move(ids[0], 20)
    assert stage.stored() == stored
    assert shot.timeline().equals(shown)


def test_a_failed_phase_2_blocks_changes_until_it_can_be_read(stage, shot, ids):
    stage.connection.execute("alter table public.shot_generations rename column updated_at to gone")
    with pytest.raises(Exception, match=r"images\(\) still works"):
        shot.links()
    stored = stage.connection.execute("select count(*), sum(timeline_frame) from public.shot_generations")
    before = stored.fetchone()
    with pytest.raises(Exception, match=r"images\(\) still works"):
        shot.normalize()
    after = stage.connection.execute("select count(*), sum(timeline_frame) from public.shot_generations")
    assert after.fetchone() == before
    stage.connection.execute("alter table public.shot_generations rename column gone to updated_at")
    shot.move(ids[0], 20)
    assert stage.frames()[ids[0]] == 20


CLOSED = {
    "timeline": lambda _, shot, __: shot.timeline(),
    "images": lambda _, shot, __: shot.images(),
    "move": lambda _, shot, ids: shot.move(ids[0], 20),
    "dry run": lambda _, shot, ids: shot.move(ids[0], 20, dry_run=True),
    "duplicate": lambda _, shot, __: shot.duplicate(),
    "observe": lambda _, shot, __: shot.observe(print),
    "gallery": lambda _, shot, __: shot.gallery(),
    "undo": lambda kit, _, __: kit.undo(),
    "redo": lambda kit, _, __: kit.redo(),
    "history": lambda kit, _, __: kit.history(),
    "script": lambda kit, _, __: kit.script(),
    "projects": lambda kit, _, __: kit.projects(),
    "shots": lambda kit, _, __: kit.shots(),
    "shot": lambda kit, shot, _: kit.shot(shot.id),
    "generations": lambda kit, _, __: kit.generations(),
    "tasks": lambda kit, _, __: kit.tasks(),
    "ledger": lambda kit, _, __: kit.ledger(),
    "create_shot": lambda kit, _, __: kit.create_shot("Film", "Dusk"),
    "audit": lambda kit, _, __: kit.audit(),
    "repair": lambda kit, _, __: kit.repair(),
}


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_kit_says_so_whatever_is_asked_of_it(kit, shot, ids, name):
    shot.timeline()
    kit.close()
    with pytest.raises(ConfigurationError, match="This kit is closed; connect again"):
        CLOSED[name](kit, shot, ids)
    kit.close()


def test_the_rows_a_handle_hands_out_are_the_callers_own(shot, ids):
    mine = shot.timeline()
    mine.loc[:, "timeline_frame"] = 5
    assert shot.timeline()["timeline_frame"].to_list() == [0, 40, 100]


def test_the_rows_after_a_change_keep_their_columns_and_types(shot, ids):
    shot.generations()
    shot.remove(ids[0])
    found = {name: dtype.pyarrow_dtype for name, dtype in shot.generations().dtypes.items()}
    assert list(found.items()) == [(field.name, field.type) for field in GENERATIONS]
