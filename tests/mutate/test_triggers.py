"""Triggers of older schemas that undo or skip: a write is refused or mended, and never half believed."""

import threading

import psycopg
import pytest

from shotkit.errors import WriteNotStoredError
from shotkit.mutate import Exchange, Move, Remove, SetPrompts
from tests.schema.sessions import sessions_of

# As the December and January schemas have it: a row that was dragged once keeps its frame.
SECOND_DRAG_UNDONE = """
    create function public.keep_dragged() returns trigger language plpgsql as $$
    begin
        if old.metadata ? 'user_positioned' or old.metadata ? 'drag_source' then
            new.timeline_frame := old.timeline_frame;
        end if;
        return new;
    end $$;
    create trigger keep_dragged before update on public.shot_generations
    for each row execute function public.keep_dragged();
"""
# As the April schema has it: what another transaction holds is passed over, and the write reports success.
SKIPS_LOCKED = """
    drop trigger sync_shot_to_generation_insert on public.shot_generations;
    drop trigger sync_shot_to_generation_update on public.shot_generations;
    drop trigger sync_shot_to_generation_delete on public.shot_generations;
    create function public.sync_one() returns trigger language plpgsql security definer as $$
    declare
        wanted uuid := coalesce(new.generation_id, old.generation_id);
        locked uuid;
    begin
        select id into locked from public.generations where id = wanted for update skip locked;
        if locked is null then
            return null;
        end if;
        update public.generations set shot_data = coalesce((
            select jsonb_object_agg(shot_id, frames) from (
                select shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
                from public.shot_generations where generation_id = wanted group by shot_id
            ) as cells
        ), '{}') where id = wanted;
        return null;
    end $$;
    create trigger sync_one after insert or update or delete on public.shot_generations
    for each row execute function public.sync_one();
"""
SKIPS = pytest.mark.only_on("own", "a", because="the triggers of S and J wait")
NO_SYNC = "alter table public.shot_generations disable trigger user"


def skip_what_is_locked(stage) -> None:
    """Have the sync trigger pass over locked generations, as that of A does by itself."""
    if stage.schema == "own":
        stage.connection.execute(SKIPS_LOCKED)


def test_a_second_drag_that_a_trigger_undoes_is_told_and_rolled_back(stage):
    a, b = stage.links(0, 10)
    stage.connection.execute(SECOND_DRAG_UNDONE)
    stage.change(Move(a, 5))
    before = stage.stored()
    with pytest.raises(WriteNotStoredError, match="kept 1 of 2 values otherwise than asked") as error:
        stage.change(Exchange(((a, b),)), stage.frames())
    assert (error.value.asked, error.value.stored) == ({a: 10}, {a: 5})
    assert stage.stored() == before


@pytest.mark.parametrize("intent", [lambda a: Move(a, 30), Remove])
def test_a_trigger_that_drops_the_write_is_told_and_rolled_back(stage, intent):
    a, _ = stage.links(0, 10)
    stage.connection.execute(
        "create function public.drop_it() returns trigger language plpgsql as 'begin return null; end';"
        "create trigger drop_it before update or delete on public.shot_generations"
        " for each row execute function public.drop_it()"
    )
    before = stage.stored()
    with pytest.raises(WriteNotStoredError):
        stage.change(intent(a))
    assert stage.stored() == before


def test_a_prompt_that_a_trigger_changes_is_told_and_rolled_back(stage):
    a, _ = stage.links(0, 10)
    stage.connection.execute(
        "create function public.blank() returns trigger language plpgsql as $$"
        " begin new.metadata := '{}'; return new; end $$;"
        "create trigger blank before update on public.shot_generations"
        " for each row execute function public.blank()"
    )
    before = stage.stored()
    with pytest.raises(WriteNotStoredError, match="prompt: 'dawn' became None"):
        stage.change(SetPrompts(a, "dawn"))
    assert stage.stored() == before


@SKIPS
def test_what_a_skipping_trigger_left_stale_is_mended_in_the_same_transaction(stage, database):
    a, b = stage.links(0, 10)
    skip_what_is_locked(stage)
    with psycopg.connect(database) as holder:  # as the foreign-key check of somebody's new link holds it
        holder.execute("select from public.generations for key share")
        stage.connection.execute("update public.shot_generations set timeline_frame = 77 where id = %s", (b,))
        assert not stage.clean(), "the trigger of this test does skip"
        stage.change(Move(a, 30), stage.frames())
        stage.change(Move(b, 40), stage.frames())
    assert stage.frames() == {a: 30, b: 40}
    assert stage.clean()


@SKIPS
def test_a_generation_that_another_holds_is_waited_for_and_no_drift_is_left(stage, database):
    a, _ = stage.links(0, 10)
    skip_what_is_locked(stage)
    with sessions_of(database) as sessions:
        holder = sessions.open()
        holder.execute("select from public.generations for update")
        mover = threading.Thread(target=stage.change, args=(Move(a, 30),))
        mover.start()
        while not stage.connection.execute(
            "select from pg_locks where not granted and pid in"
            " (select pid from pg_stat_activity where datname = current_database())"
        ).rowcount:
            pass
        [query] = stage.connection.execute(
            "select query from pg_stat_activity"
            " where wait_event_type = 'Lock' and datname = current_database()"
        ).fetchone()
        holder.rollback()
        mover.join()
    assert query.startswith("-- write_frames"), "before the triggers"
    assert stage.frames()[a] == 30
    assert stage.clean()


@pytest.mark.parametrize(
    ("stored", "mended"),
    [
        ({}, [30]),
        ({"shot": [0, 0]}, [30]),
        ({"shot": 0}, 30),
        ({"shot": None}, 30),
    ],
)
def test_an_entry_is_mended_in_the_shape_that_stood_there(stage, stored, mended):
    [a] = stage.links(0)
    generation = stage.connection.execute("select generation_id::text from shot_generations").fetchone()[0]
    document = {stage.shot_id if key == "shot" else key: value for key, value in stored.items()}
    document["other"] = "kept"
    stage.connection.execute(NO_SYNC)
    stage.store(generation, psycopg.types.json.Jsonb(document))
    stage.change(Move(a, 30))
    [found] = stage.connection.execute("select shot_data from public.generations").fetchone()
    assert found == {stage.shot_id: mended, "other": "kept"}


def test_a_scalar_that_is_one_of_the_frames_agrees_and_stays(stage):
    generation = stage.generation()
    a, b = (stage.link(stage.shot_id, generation, frame) for frame in (0, 10))
    stage.connection.execute(NO_SYNC)
    stage.store(generation, f'{{"{stage.shot_id}": 10}}')
    stage.change(Move(a, 5))
    [found] = stage.connection.execute("select shot_data from public.generations").fetchone()
    assert found == {stage.shot_id: 10}
    assert stage.frames() == {a: 5, b: 10}


def test_the_entry_of_the_last_link_goes_with_it(stage):
    [a] = stage.links(0)
    stage.connection.execute(NO_SYNC)
    stage.change(Remove(a))
    assert stage.connection.execute("select shot_data from public.generations").fetchone() == ({},)


def test_shot_data_that_does_not_take_the_mending_rolls_the_change_back(stage):
    a, _ = stage.links(0, 10)
    stage.connection.execute(NO_SYNC)
    stage.connection.execute(
        "create function public.keep_it() returns trigger language plpgsql as $$"
        " begin new.shot_data := old.shot_data; return new; end $$;"
        "create trigger keep_it before update on public.generations"
        " for each row execute function public.keep_it()"
    )
    before = stage.stored()
    with pytest.raises(WriteNotStoredError, match="shot_data of 1 generations"):
        stage.change(Move(a, 30))
    assert stage.stored() == before
