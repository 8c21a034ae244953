"""Whoever stands in the way is waited for, up to a deadline; then the change is refused."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from shotkit.engine import Database
from shotkit.errors import QueryTimeoutError, ServerUnreachableError
from shotkit.mutate import Move, apply, attempts


@pytest.fixture
def hasty(database):
    """A database whose sessions wait only a moment for a lock."""
    hasty = Database(make_conninfo(database, options="-c lock_timeout=20ms"))
    yield hasty
    hasty.close()


def test_a_lock_that_is_not_got_is_tried_again(stage, database, hasty, monkeypatch):
    a, _ = stage.links(0, 10)
    wait = attempts._Pauses.next
    with psycopg.connect(database) as holder:
        holder.execute("select from public.shots for update")

        def release_and_wait(self, error):
            holder.rollback()
            wait(self, error)

        monkeypatch.setattr(attempts._Pauses, "next", release_and_wait)
        apply(hasty, stage.shot_id, Move(a, 30))
    assert stage.frames()[a] == 30


@pytest.mark.parametrize("table", ["shots", "shot_generations", "generations"])
def test_at_the_deadline_a_lock_that_is_still_held_refuses_the_change(stage, database, hasty, table):
    a, _ = stage.links(0, 10)
    before = stage.stored()
    with psycopg.connect(database) as holder:
        holder.execute(f"select from public.{table} for update")
        with pytest.raises(QueryTimeoutError, match="another session holds these rows"):
            apply(hasty, stage.shot_id, Move(a, 30), deadline=0.1)
    assert stage.stored() == before


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_transaction_that_the_server_broke_off_is_run_again(stage, state):
    a, _ = stage.links(0, 10)
    stage.connection.execute(
        "create sequence public.tries;"
        "create function public.break_once() returns trigger language plpgsql as $$ begin"
        f" if nextval('public.tries') = 1 then raise sqlstate '{state}'; end if; return new; end $$;"
        "create trigger break_once before update on public.shot_generations"
        " for each row execute function public.break_once()"
    )
    stage.change(Move(a, 30))
    assert stage.frames()[a] == 30


def test_a_server_that_was_never_there_is_told_at_once(stage, monkeypatch):
    monkeypatch.setattr(attempts._Pauses, "next", lambda *_: pytest.fail("waited"))
    nowhere = Database("host=/nonexistent dbname=none")
    with pytest.raises(ServerUnreachableError):
        apply(nowhere, stage.shot_id, Move(stage.shot_id, 3))
