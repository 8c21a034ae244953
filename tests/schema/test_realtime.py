"""NOTIFY: one small message a changed shot, sent when the change is committed."""

import json

import pytest

from tests.schema.sessions import sessions_of
from tests.schema.world import World

WRITES = {
    "an insert": (
        """
            insert into shot_generations (shot_id, generation_id)
            select shots.id, generations.id from shots, generations, generate_series(1, 3)
        """,
        "AB",
    ),
    "a move": ("update shot_generations set timeline_frame = 1 where shot_id = %(A)s", "A"),
    "new metadata": ("update shot_generations set metadata = '{}' where shot_id = %(B)s", "B"),
    "a move to another shot": (
        "update shot_generations set shot_id = %(B)s where shot_id = %(A)s",
        "AB",
    ),
    "a delete": ("delete from shot_generations", "AB"),
    "a deleted shot": ("delete from shots where id = %(A)s", "A"),
    "nothing": ("update shot_generations set timeline_frame = 1 where false", ""),
}


@pytest.fixture
def sessions(database):
    with sessions_of(database) as opened:
        yield opened


def heard(listener, writer):
    """The payloads sent until now, and nothing later."""
    writer.execute("select pg_notify('shotkit', 'end')")
    payloads = []
    for notification in listener.notifies(timeout=30):
        if notification.payload == "end":
            return payloads
        payloads.append(json.loads(notification.payload))
    pytest.fail("the last notification never came")


@pytest.mark.parametrize(("write", "changed"), WRITES.values(), ids=WRITES.keys())
def test_a_statement_gives_one_message_a_changed_shot(sessions, write, changed):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    shots, generation = {name: world.shot(name) for name in "AB"}, world.generation()
    for shot in shots.values():
        world.link(shot, generation, 0)
    listener.execute("listen shotkit")
    with writer.transaction():
        xid = world.one("select pg_current_xact_id()::text")
        writer.execute(write, shots)
    expected = [{"table": "shot_generations", "shot_id": str(shots[name]), "xid": xid} for name in changed]
    assert sorted(heard(listener, writer), key=str) == sorted(expected, key=str)


def test_a_transaction_tells_of_a_shot_once_and_a_rolled_back_one_never(sessions):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    shot, generation = world.shot(), world.generation()
    listener.execute("listen shotkit")
    with writer.transaction():
        for frame in range(3):
            world.link(shot, generation, frame)
    with writer.transaction(force_rollback=True):
        world.run("delete from shot_generations")
    assert [told["shot_id"] for told in heard(listener, writer)] == [str(shot)]


def test_a_reader_can_tell_whether_its_data_already_has_what_an_event_tells(sessions):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    shot, generation = world.shot(), world.generation()
    listener.execute("listen shotkit")
    before = world.one("select pg_current_snapshot()::text")
    world.link(shot, generation, 0)
    after = world.one("select pg_current_snapshot()::text")
    [told] = heard(listener, writer)
    in_data = "select pg_visible_in_snapshot(%s::text::xid8, %s::text::pg_snapshot)"
    assert [world.one(in_data, told["xid"], snapshot) for snapshot in (before, after)] == [False, True]
