"""NOTIFY: one small message a changed shot, generation or row of shots, sent when the change is committed."""

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
    told = [message for message in heard(listener, writer) if message["table"] == "shot_generations"]
    assert sorted(told, key=str) == sorted(expected, key=str)


VARIANT_WRITES = {
    "an insert": (
        """
            insert into generation_variants (generation_id, location)
            select %(A)s, 'x' from generate_series(1, 3)
        """,
        "A",
    ),
    "a switch of the primary": (
        "update generation_variants set is_primary = true where generation_id = %(A)s and not is_primary",
        "A",
    ),
    "a new star": ("update generation_variants set starred = true", "AB"),
    "a new picture of the generation itself": ("update generations set location = 'y' where id = %(B)s", "B"),
    "a delete": ("delete from generation_variants where generation_id = %(A)s and not is_primary", "A"),
    "a delete of the last ones": ("delete from generation_variants", "AB"),
    "a deleted generation": ("delete from generations where id = %(A)s", "A"),
    "a move of a link": ("update shot_generations set timeline_frame = 7", ""),
    "nothing": ("update generation_variants set starred = true where false", ""),
}


@pytest.mark.parametrize(("write", "changed"), VARIANT_WRITES.values(), ids=VARIANT_WRITES.keys())
def test_a_transaction_gives_one_message_a_generation_whose_variants_changed(sessions, write, changed):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    generations = {name: world.generation("/x.png") for name in "AB"}
    world.variant(generations["A"])
    world.link(world.shot(), generations["A"], 0)
    listener.execute("listen shotkit")
    with writer.transaction():
        xid = world.one("select pg_current_xact_id()::text")
        writer.execute(write, generations)
    expected = [
        {"table": "generation_variants", "generation_id": str(generations[name]), "xid": xid}
        for name in changed
    ]
    told = [message for message in heard(listener, writer) if message["table"] == "generation_variants"]
    assert sorted(told, key=str) == sorted(expected, key=str)


SHOT_WRITES = {
    "an insert": ("insert into shots (name, project_id) values ('C', %(here)s)", ["here"]),
    "a new name": ("update shots set name = 'new'", ["here", "here"]),
    "a move to another project": (
        "update shots set project_id = %(there)s where name = 'A'",
        ["here", "there"],
    ),
    "a delete": ("delete from shots where name = 'A'", ["here"]),
    "a deleted project": ("delete from projects where id = %(here)s", ["here", "here"]),
    "nothing": ("delete from shots where false", []),
}


@pytest.mark.parametrize(("write", "changed"), SHOT_WRITES.values(), ids=SHOT_WRITES.keys())
def test_a_transaction_gives_one_message_a_changed_row_of_shots_and_project(sessions, write, changed):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    projects = {"here": world.project, "there": world.new_project()}
    for name in "AB":
        world.shot(name)
    listener.execute("listen shotkit")
    with writer.transaction():
        xid = world.one("select pg_current_xact_id()::text")
        writer.execute(write, projects)
    told = heard(listener, writer)
    assert sorted(message["project_id"] for message in told) == sorted(
        str(projects[name]) for name in changed
    )
    assert len({(message["shot_id"], message["project_id"]) for message in told}) == len(told)
    assert {(message["table"], message["xid"]) for message in told} <= {("shots", xid)}


def test_a_user_who_may_not_call_the_triggers_functions_still_has_his_changes_told(sessions):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    generation = world.generation("/x.png")
    listener.execute("listen shotkit")
    with writer.transaction(), world.acting("authenticated", world.user):
        shot = world.shot()
        world.link(shot, generation, 0)
        world.variant(generation)
    assert [message["table"] for message in heard(listener, writer)] == [
        "shots", "shot_generations", "generation_variants",
    ]  # fmt: skip


def test_no_payload_comes_near_the_servers_limit_however_much_changes(sessions):
    writer, listener = sessions.open(autocommit=True), sessions.open(autocommit=True)
    world = World(writer)
    listener.execute("listen shotkit")
    world.run(
        "insert into generations (location, project_id) select '/x.png', %s from generate_series(1, 1000)",
        world.project,
    )
    told = heard(listener, writer)
    assert len(told) == 1000
    assert max(len(json.dumps(message)) for message in told) < 200


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
