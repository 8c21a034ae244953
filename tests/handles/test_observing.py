"""Who watches a shot or a generation sees every change of the kit: pending, stored, refused."""

import gc

import pytest

from shotkit import WriteNotStoredError
from shotkit.realtime import Changed
from shotkit.session import rows_key
from tests.handles.conftest import eventually


def frames(result) -> list[int | None]:
    return result.data.merged.rows["timeline_frame"].to_pylist()


def test_a_change_is_seen_before_it_is_stored_and_then_as_stored(stage, shot, watch):
    a, _ = stage.links(0, 40)
    shot.timeline()
    observer = shot.observe(watch)
    shot.move(a, 60)
    pending = watch.wait(lambda result: result.pending)
    assert (pending.pending, frames(pending)) == (("move",), [40, 60])
    settled = watch.told[-1]
    assert (settled.pending, frames(settled), settled.error) == ((), [40, 60], None)
    assert settled.data.links["metadata"].to_pylist()[1].find("drag_session_id") > 0
    assert observer.active


def test_a_refused_change_is_seen_to_go_back(stage, shot, watch):
    a, _ = stage.links(0, 40)
    stage.connection.execute(
        "create function public.pin() returns trigger language plpgsql as"
        " $$ begin new.timeline_frame := old.timeline_frame; return new; end $$;"
        "create trigger pin before update on public.shot_generations"
        " for each row execute function public.pin()"
    )
    shot.timeline()
    observer = shot.observe(watch)
    with pytest.raises(WriteNotStoredError):
        shot.move(a, 60)
    assert frames(watch.wait(lambda result: result.pending)) == [40, 60]
    assert frames(watch.told[-1]) == [0, 40]
    assert observer.active


def test_phase_1_stands_in_until_both_phases_have_come(stage, shot, watch):
    stage.links(0, 40)
    shot.images()
    observer = shot.observe(watch)
    assert len(watch.wait(lambda result: result.has_data).data.links) == 2
    shown = [result for result in watch.told if result.is_placeholder]
    assert all(len(result.data.rows) == 2 for result in shown)
    assert observer.result.has_data


def test_a_failed_phase_2_is_told_and_phase_1_stays(stage, shot, watch):
    stage.links(0, 40)
    shot.images()
    stage.connection.execute("alter table public.shot_generations rename column updated_at to gone")
    observer = shot.observe(watch)
    failed = watch.wait(lambda result: result.error is not None and not result.is_fetching)
    assert failed.is_placeholder
    assert failed.data.rows["timeline_frame"].to_pylist() == [0, 40]
    assert observer.active


def test_a_cell_that_runs_again_frees_the_old_observer(stage, shot):
    class Widget:
        def __init__(self):
            self.observer = shot.observe(self.show)

        def show(self, result):
            pass

    observer = Widget().observer
    gc.collect()
    assert not observer.active


def test_a_new_primary_variant_reaches_every_shot_in_the_cache_that_holds_it(stage, kit, statements):
    shared, other = stage.generation(), stage.generation()
    with_it = [stage.shot("One"), stage.shot("Two"), stage.shot("Never read")]
    for id_ in with_it:
        stage.link(id_, shared, 0)
    without = stage.shot("Without")
    stage.link(without, other, 0)
    handles = {id_: kit.shot(id_) for id_ in (*with_it[:2], without)}
    for handle in handles.values():
        handle.timeline()
    handles[with_it[1]].images()
    gen = kit.generation(shared)
    added = gen.add_variant("/new.png", name="new")
    gen.make_primary(added.op_id)
    statements.clear()
    assert handles[without].timeline()["location"].to_list() == ["/a.png"]
    assert statements == []
    for id_ in with_it[:2]:
        assert handles[id_].timeline()["location"].to_list() == ["/new.png"]
        assert handles[id_].images()["location"].to_list() == ["/new.png"]


def test_rows_are_held_still_during_a_drag(stage, shot):
    a, _ = stage.links(0, 40)
    shot.timeline()
    with shot.disable_refetch():
        shot.refresh()
        stage.connection.execute("update public.shot_generations set timeline_frame = 7 where id = %s", [a])
        assert shot.timeline()["timeline_frame"].to_list() == [0, 40]
    assert shot.timeline()["timeline_frame"].to_list() == [7, 40]


def hearing(kit) -> None:
    """Wait until the server has said that it tells us: what is written from now on is heard."""
    assert eventually(lambda: kit._session.realtime.status == "listening")


def test_what_another_session_writes_is_seen_without_asking(stage, kit, shot, watch):
    a, _ = stage.links(0, 40)
    shot.timeline()
    observer = shot.observe(watch)
    hearing(kit)
    stage.connection.execute("update public.shot_generations set timeline_frame = 7 where id = %s", [a])
    watch.wait(lambda result: result.has_data and frames(result) == [7, 40])
    assert shot.timeline()["timeline_frame"].to_list() == [7, 40]
    assert observer.active


def test_the_echo_of_an_own_change_reads_nothing(stage, kit, shot, watch, statements):
    a, _ = stage.links(0, 40)
    stage.link(other := stage.shot("Other"), stage.generation(), 0)
    shot.timeline()
    kit.shot(other).timeline()
    observers = shot.observe(watch), kit.shot(other).observe(later := type(watch)())
    hearing(kit)
    statements.clear()
    shot.move(a, 60)
    stage.connection.execute(
        "update public.shot_generations set timeline_frame = 7 where shot_id = %s", [other]
    )
    later.wait(lambda result: frames(result) == [7])
    assert statements.count("phase_two") == 1
    assert frames(watch.told[-1]) == [40, 60]
    assert all(observer.active for observer in observers)


def test_a_variant_that_another_session_makes_primary_is_seen_in_the_shot(stage, kit, shot, kits, watch):
    stage.links(0)
    [generation] = shot.timeline()["generation_id"]
    observer = shot.observe(watch)
    hearing(kit)
    kits().generation(generation).add_variant("/new.png", is_primary=True)
    watch.wait(lambda result: result.data.merged.rows["location"].to_pylist() == ["/new.png"])
    assert observer.active


def test_nobody_watches_once_the_observer_has_gone(kit, shot, watch):
    observer = shot.observe(watch)
    assert len(kit._session.realtime._task.watches) == 1
    observer.unsubscribe()
    gc.collect()
    assert len(kit._session.realtime._task.watches) == 0
    observer = shot.observe(watch)
    assert len(kit._session.realtime._task.watches) == 1
    del observer
    gc.collect()
    assert len(kit._session.realtime._task.watches) == 0


def test_an_event_that_is_older_than_the_rows_leaves_them_as_they_are(stage, kit, shot):
    stage.links(0)

    def event() -> Changed:
        [xid] = stage.connection.execute("select pg_current_xact_id()::text::bigint").fetchone()
        return Changed("shot_generations", (shot.id,), "notified", {shot.id: frozenset({xid})})

    older = event()
    shot.timeline()
    for changed, is_stale in ((older, False), (event(), True)):
        kit._session._heard(changed)
        assert kit._session.client.result(rows_key(shot.id)).is_stale is is_stale
