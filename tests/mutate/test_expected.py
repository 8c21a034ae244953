"""What is asked of links as seen is sent in the round trip that locks them, and kept if it is asked now."""

import random

import pytest

from shotkit.errors import InvalidChangeError, StaleShotError
from shotkit.mutate import Exchange, Initialize, Move, MoveTo, Normalize, Place, Reorder, Shift, Unplace
from tests.mutate.conftest import DRAGS_AGAIN

ON_ONE_SERVER = "what is sent, and when, is the same on every server"
pytestmark = DRAGS_AGAIN

AT_ONCE = ["lock_shot", "lock_places", "write_frames", "differing"]
REFUSES_99 = """
    create function public.refuse_99() returns trigger language plpgsql as $$
    begin
        if exists (select from public.shot_generations where timeline_frame = 99) then
            raise exception 'nothing moves while a link stands at 99';
        end if;
        return null;
    end $$;
    create trigger refuse_99 after update on public.shot_generations for each row
    when (new.timeline_frame <> 99) execute function public.refuse_99();
"""


def an_intent(rng, placed, others):
    a, b, c = rng.sample(placed, 3)
    return rng.choice(
        [
            lambda: Move(a, rng.randrange(60)),
            lambda: Exchange(((a, rng.choice([b, *others])), (b, c))),
            lambda: Reorder((a, b, c)),
            lambda: MoveTo((a, b), rng.randrange(len(placed) - 2)),
            lambda: Shift((a, b), rng.randrange(30)),
            lambda: Place(rng.choice([a, *others]), rng.randrange(60)),
            lambda: Unplace(a),
            Normalize,
            Initialize,
        ]
    )()


def test_it_stores_what_would_be_planned_on_the_links_as_locked(stage):
    """Links that share a frame, or have none, stand in an order that the caller's frames do not tell."""
    for seed in range(25):
        rng = random.Random(seed)
        stage.connection.execute("delete from public.shot_generations")
        links = stage.links(*[rng.choice([None, 0, 10, 10, 20, 30]) for _ in range(8)], 0, 10, 40)
        stage.connection.execute(
            "update public.shot_generations set created_at = now() - random() * interval '1 day'"
        )
        frames = stage.frames()
        placed = [id_ for id_ in links if frames[id_] is not None]
        intent = an_intent(rng, placed, [id_ for id_ in links if frames[id_] is None])
        foreseen = stage.change(intent, dry_run=True).frames
        change = stage.change(intent, frames)
        assert change.frames == foreseen == stage.frames(), intent
    assert stage.clean()


def test_what_another_changed_is_written_over_only_where_the_caller_said_so(stage, statements):
    a, b = stage.links(0, 10)
    seen = stage.frames()
    stage.change(Move(b, 20))
    before = stage.stored()
    for intent in (Reorder((b, a)), Move(a, 5)):  # of which the second comes to the same
        statements.clear()
        with pytest.raises(StaleShotError):
            stage.change(intent, seen)
        assert statements == [*AT_ONCE, "lock_shot", "lock_places"]
    assert stage.stored() == before
    stage.change(Reorder((b, a)), seen, rebase=True)
    assert stage.frames() == {b: 0, a: 20}


def test_a_refusal_of_what_is_not_asked_any_more_is_told_as_what_it_is(stage):
    a, b = stage.links(0, 10)
    stage.connection.execute(REFUSES_99)
    seen = stage.frames()
    stage.connection.execute("update public.shot_generations set timeline_frame = 99 where id = %s", (b,))
    before = stage.stored()
    with pytest.raises(StaleShotError, match="was at 10, is at 99"):
        stage.change(Move(a, 30), seen)
    with pytest.raises(InvalidChangeError, match="nothing moves while a link stands at 99"):
        stage.change(Move(a, 30), stage.frames())
    assert stage.stored() == before


def test_the_statements_are_kept_prepared_and_one_that_is_gone_is_sent_again(stage, statements):
    a, b = stage.links(0, 10)
    for frame in range(20, 28):
        stage.change(Move(a, frame), stage.frames())
    with stage.database._pool.connection() as connection:
        kept = connection.execute("select statement from pg_prepared_statements").fetchall()
        connection.pgconn.exec_(b"deallocate all")  # the driver does not hear of it
    assert {text[3:].partition(":")[0] for (text,) in kept} == set(AT_ONCE)
    for frame in (30, 31):
        statements.clear()
        stage.change(Move(b, frame), stage.frames())
        assert statements[-4:] == AT_ONCE
        assert (len(statements) > 4) is (frame == 30)
    assert stage.frames() == {a: 27, b: 31}
