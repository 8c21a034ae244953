"""What a change tells of itself: its id, its transaction, the rows as they are stored now."""

from operator import itemgetter

import pytest

from shotkit.errors import InvalidChangeError
from shotkit.model.tables import LINKS
from shotkit.mutate import Add, Exchange, Move, Remove, SetPrompts
from shotkit.sql import statement
from tests.mutate.conftest import DRAGS_AGAIN, NEW_ID

pytestmark = DRAGS_AGAIN

by_id = itemgetter("id")


def test_a_change_tells_its_transaction_and_the_touched_links_as_stored(stage):
    a, b, c = stage.links(0, 10, 20)
    generation = stage.generation()
    for intent, touched in [
        (Move(a, 30), [a]),
        (Exchange(((a, b),)), [a, b]),
        (SetPrompts(c, "dawn"), [c]),
        (Add(generation), [NEW_ID]),
        (Remove(c), []),
        (Remove(a), [b, NEW_ID]),
    ]:
        change = stage.change(intent, op_id=NEW_ID)
        now = stage.database.table(statement("load/phase_two"), LINKS, shot_id=stage.shot_id)
        expected = [row for row in now.to_pylist() if row["id"] in touched]
        assert sorted(change.stored.to_pylist(), key=by_id) == sorted(expected, key=by_id)
        assert change.stored.schema == LINKS
        assert [stage.version("shot_generations", id_) for id_ in touched] == [change.xid] * len(touched)
        assert change.removed == ((intent.id,) if isinstance(intent, Remove) else ())


def test_a_change_goes_by_the_id_that_its_caller_gives(stage):
    [a] = stage.links(0)
    assert stage.change(Move(a, 3), op_id=NEW_ID.upper()).op_id == NEW_ID
    assert stage.metadata(a)["drag_session_id"] == NEW_ID
    assert stage.change(Add(stage.generation()), op_id=stage.shot_id).op_id in stage.frames()


@pytest.mark.parametrize("op_id", ["", "x", 7, f"{{{NEW_ID}}}"])
def test_an_op_id_that_is_none_is_refused_before_anything_is_sent(stage, statements, op_id):
    [a] = stage.links(0)
    with pytest.raises(InvalidChangeError, match="is no op_id"):
        stage.change(Move(a, 3), op_id=op_id)
    assert statements == []
