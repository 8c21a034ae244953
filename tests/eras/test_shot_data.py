"""What each era's triggers leave in shot_data: after every kind of write, what production was seen to do."""

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.eras.ground import Ground
from tests.schema.sessions import sessions_of

LINK = "insert into shot_generations (id, shot_id, generation_id, timeline_frame) values "
MOVE = "update shot_generations set "
ONE = LINK + "('{link}', '{a}', '{g}', 0);"
ALL = frozenset("sja")


@dataclass(frozen=True)
class Write:
    """Statements, and what then stands in shot_data of the generation g: in lists, and in scalars (S)."""

    name: str
    statements: str
    lists: dict[str, Any]
    scalars: dict[str, Any]
    drifts: frozenset[str] = frozenset()


WRITES = (
    Write("no link", "", {}, {}),
    Write("one shot", ONE, {"a": [0]}, {"a": 0}),
    Write("two shots", ONE + LINK + "('{other}', '{b}', '{g}', 5)", {"a": [0], "b": [5]}, {"a": 0, "b": 5}),
    Write("twice in one shot", ONE + LINK + "('{other}', '{a}', '{g}', 100)",
        {"a": [0, 100]}, {"a": 100}, frozenset("s")),
    Write("frames NULL, 5, NULL",
        LINK + "('{l}', '{a}', '{g}', null), ('{m}', '{a}', '{g}', 5), ('{n}', '{a}', '{g}', null)",
        {"a": [5, None, None]}, {"a": None}, frozenset("s")),
    Write("a frame moved", ONE + MOVE + "timeline_frame = 7 where id = '{link}'",
        {"a": [7]}, {"a": 7}),
    Write("a frame set to NULL", ONE + MOVE + "timeline_frame = null where id = '{link}'",
        {"a": [None]}, {"a": None}),
    Write("two frames swapped in one UPDATE",
        ONE + LINK + "('{other}', '{a}', '{h}', 81);"
        + MOVE + "timeline_frame = 81 - timeline_frame where id in ('{link}', '{other}')",
        {"a": [81]}, {"a": 81}),
    Write("one of two links deleted",
        ONE + LINK + "('{other}', '{a}', '{g}', 100); delete from shot_generations where id = '{other}'",
        {"a": [0]}, {}, frozenset("s")),
    Write("the last link deleted", ONE + "delete from shot_generations where id = '{link}'", {}, {}),
    Write("another generation_id", ONE + MOVE + "generation_id = '{h}' where id = '{link}'",
        {"a": [0]}, {"a": 0}, ALL),
    Write("another shot_id", ONE + MOVE + "shot_id = '{b}' where id = '{link}'",
        {"b": [0]}, {"a": 0, "b": 0}, frozenset("s")),
    Write("the shot deleted",
        ONE + LINK + "('{other}', '{b}', '{g}', 5); delete from shots where id = '{a}'",
        {"b": [5]}, {"b": 5}),
    Write("shot_data written directly",
        ONE + "update generations set shot_data = '{{}}' where id = '{g}'", {}, {}, ALL),
    Write("triggers off", "set local session_replication_role = replica;" + ONE, {}, {}, ALL),
)  # fmt: skip


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_shot_data_after_a_write_is_what_production_keeps(era_connection, era, write):
    ground = Ground(era_connection, era)
    ground.do(write.statements)
    assert ground.stored() == (write.scalars if era == "s" else write.lists)
    assert ground.agrees() is (era not in write.drifts)


def test_a_deleted_generation_takes_its_links_along(era_connection, era):
    ground = Ground(era_connection, era)
    ground.do(ONE + "delete from generations where id = '{g}'")
    assert ground.one("select count(*) from shot_generations where id = '{link}'") == 0


@pytest.fixture
def sessions(shared_era, era):
    with sessions_of(shared_era(era)) as opened:
        yield opened


@pytest.fixture
def ground(sessions, era):
    """Rows that are committed."""
    return Ground(sessions.open(autocommit=True), era)


def interleave(ground, sessions, first, second):
    """The second statement starts while the first transaction is open; return whether it waited for that."""
    one, other = sessions.open(), sessions.open()
    one.execute(ground.written(first))
    waiting = sessions.background(other, ground.written(second))
    waited = not waiting.done()
    one.commit()
    waiting.result()
    other.commit()
    return waited


def test_of_two_inserts_at_once_one_is_lost(ground, sessions):
    waited = interleave(ground, sessions, ONE, LINK + "('{other}', '{b}', '{g}', 0)")
    assert waited
    assert ground.stored() == {"b": [0] if ground.era != "s" else 0}
    assert not ground.agrees()


def test_a_delete_beside_an_insert_is_lost(ground, sessions):
    ground.do(ONE)
    interleave(
        ground,
        sessions,
        "delete from shot_generations where id = '{link}'",
        LINK + "('{other}', '{b}', '{g}', 0)",
    )
    assert ground.stored().keys() == {"a", "b"}
    assert not ground.agrees()


@pytest.mark.parametrize("held", ["for update", "for key share"])
def test_a_generation_that_is_locked_is_waited_for_or_skipped(ground, sessions, held):
    ground.do(ONE)
    waited = interleave(
        ground,
        sessions,
        f"select from generations where id = '{{g}}' {held}",
        "update shot_generations set timeline_frame = 9 where id = '{link}'",
    )
    # A foreign key's check holds a row FOR KEY SHARE, which an update of shot_data need not wait for.
    assert waited is (ground.era != "a" and held == "for update")
    assert ground.agrees() is (ground.era != "a")
    assert ground.one("select timeline_frame from shot_generations where id = '{link}'") == 9


def test_the_second_drag_of_a_row_is_undone_without_a_word_in_s_and_j(era_connection, era):
    ground = Ground(era_connection, era)
    drag = (
        "update shot_generations set timeline_frame = %s, metadata = '{{\"user_positioned\": true}}' "
        "where id = '{link}' returning timeline_frame"
    )
    ground.do(ONE)
    assert ground.one(drag % 50) == 50
    assert ground.one(drag % 90) == (90 if era == "a" else 50)
    assert ground.agrees()


def test_the_databases_own_check_has_never_worked(era_connection):
    with pytest.raises(psycopg.errors.UndefinedColumn, match=r"shot_id does not exist"):
        era_connection.execute("select * from verify_shot_sync()")


def test_only_a_makes_a_parent_with_its_shot(era_connection, era):
    ground = Ground(era_connection, era)
    made = ground.one(
        "select g.type, l.timeline_frame from shot_generations as l "
        "join generations as g on g.id = l.generation_id where l.shot_id = '{a}'"
    )
    assert made == (("video", None) if era == "a" else None)
