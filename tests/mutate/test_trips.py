"""A change is a small number of statements and of round trips, independent of its size."""

import pytest

from shotkit.mutate import Add, Reorder, apply
from tests.mutate.conftest import DRAGS_AGAIN, as_dict

pytestmark = DRAGS_AGAIN

WRITE = ["lock_shot", "lock_places", "write_frames", "differing"]


@pytest.mark.parametrize("count", [12, 1_000])
def test_a_reorder_is_the_same_four_statements_whatever_its_size(stage, statements, count):
    ids = stage.many(count)
    seen = stage.frames()
    statements.clear()
    stage.change(Reorder(tuple(reversed(ids))), seen)
    assert statements == WRITE
    assert list(stage.frames()) == ids[::-1]
    assert stage.clean()


@pytest.mark.parametrize("as_user", [False, True], ids=["as the address names", "as a user"])
@pytest.mark.parametrize("count", [12, 1_000])
def test_a_reorder_is_the_same_two_round_trips_whatever_its_size(stage, cutter, through, count, as_user):
    ids = stage.many(count)
    acting = through(user_id=stage.user if as_user else None)
    for order in (ids[::-1], ids):
        before = cutter.round_trips
        apply(acting, stage.shot_id, Reorder(tuple(order)), seen=stage.frames())
        trips = cutter.round_trips - before
    assert trips == len(["BEGIN, identity, lock_shot to differing", "COMMIT"])


def test_an_added_generation_is_looked_at_before_it_is_linked_in_one_round_trip_more(stage, cutter, fragile):
    generation, before = stage.generation(), 0
    for _ in range(2):
        before = cutter.round_trips
        apply(fragile, stage.shot_id, Add(generation))
    assert cutter.round_trips - before == 4


def test_what_changes_nothing_writes_nothing(stage, statements):
    a, b = stage.links(0, 10)
    before = stage.stored()
    statements.clear()
    change = stage.change(Reorder((a, b)), stage.frames())
    assert statements == ["lock_shot", "lock_places"]
    assert as_dict(change.before) == as_dict(change.after)
    assert stage.stored() == before
    assert (change.xid, change.stored, change.removed) == (None, None, ())
