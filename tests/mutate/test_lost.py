"""A connection that is lost in mid-commit: what became of the change is found out, and it is stored once."""

import pytest

from shotkit.engine import Database
from shotkit.errors import ConnectionLostError
from shotkit.mutate import Add, Move, Remove, Reorder, SetPrompts, apply
from shotkit.sql import statement
from tests.mutate.conftest import DRAGS_AGAIN
from tests.proxy import CUTS

pytestmark = DRAGS_AGAIN


def writes(stage) -> None:
    """Count each write of a link by a trigger."""
    stage.connection.execute(
        "create table public.counted (operation text);"
        "create function public.count_it() returns trigger language plpgsql security definer as"
        " $$ begin insert into public.counted values (tg_op); return null; end $$;"
        "create trigger count_it after insert or update or delete on public.shot_generations"
        " for each row execute function public.count_it()"
    )


def counted(stage) -> int:
    return stage.connection.execute("select count(*) from public.counted").fetchone()[0]


@pytest.mark.parametrize("cuts", CUTS, ids="-".join)
@pytest.mark.parametrize("what", ["move", "reorder", "add", "remove", "prompts"])
def test_a_change_whose_answer_is_lost_is_stored_once_and_told(stage, fragile, cutter, cuts, what):
    a, b = stage.links(0, 10)
    intent, links_written = {
        "move": (Move(a, 30), 1),
        "reorder": (Reorder((b, a)), 2),
        "add": (Add(stage.generation()), 1),
        "remove": (Remove(b), 1),
        "prompts": (SetPrompts(a, "dawn"), 1),
    }[what]
    writes(stage)
    cutter.cuts += cuts
    change = apply(fragile, stage.shot_id, intent, seen=stage.frames())
    assert not cutter.cuts
    assert list(stage.frames()) == change.after["id"].to_list()
    assert list(stage.frames().values()) == change.after["timeline_frame"].to_list()
    assert counted(stage) == links_written
    assert stage.clean()


def test_a_stored_change_that_another_has_overwritten_since_is_still_found(stage, fragile, cutter):
    a, _ = stage.links(0, 10)
    writes(stage)
    cutter.cuts += ["after"]
    original = Database.transaction
    begun = []

    def overwritten(self, **options):
        begun.append(1)
        if len(begun) == 2:  # the one that asks what became of the first
            stage.connection.execute(
                "update public.shot_generations set metadata = '{}', timeline_frame = 99 where id = %s", (a,)
            )
        return original(self, **options)

    fragile.transaction = overwritten.__get__(fragile)
    change = apply(fragile, stage.shot_id, Move(a, 30))
    assert change.after["timeline_frame"].to_list() == [10, 30]
    assert stage.frames()[a] == 99
    assert counted(stage) == 2


def test_an_op_id_that_stands_there_from_before_does_not_count_as_this_change(stage, fragile, cutter):
    a, _ = stage.links(0, 10)
    op_id = stage.change(Move(a, 20)).op_id
    cutter.cuts += ["before"]
    apply(fragile, stage.shot_id, Move(a, 30), op_id=op_id)
    assert stage.frames()[a] == 30


def test_an_outcome_that_nobody_can_tell_is_told_as_unknown(stage, fragile, cutter):
    a, _ = stage.links(0, 10)
    cutter.cuts += ["after", *["before"] * 1_000]
    with pytest.raises(ConnectionLostError, match="It is not known whether the change was stored"):
        apply(fragile, stage.shot_id, Move(a, 30), deadline=0.2)
    assert stage.frames()[a] == 30


def test_a_number_given_anew_after_a_crash_is_not_taken_for_ours(stage):
    """Another's transaction has the number by now, and was committed: the link still stands as it stood."""
    a, _ = stage.links(0, 10)
    version, xid = stage.connection.execute(
        "select xmin::text, pg_current_xact_id()::text from public.shot_generations where id = %s", (a,)
    ).fetchone()
    [found] = stage.database.rows(
        statement("mutate/outcome"), op_id=a[:-4] + "0000", xid=xid, ids=[a], versions=[version]
    )
    assert found == {"found": False, "untouched": True, "status": "committed"}


def test_a_number_that_the_server_has_not_given_yet_was_lost_in_a_crash(stage):
    [found] = stage.database.rows(
        statement("mutate/outcome"), op_id=stage.shot_id, xid=str(2**40), ids=[], versions=[]
    )
    assert found["status"] == "aborted"
