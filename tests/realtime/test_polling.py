"""Where the schema sends nothing, or LISTEN brings nothing: asked instead, in one query for all."""

from dataclasses import replace

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database
from shotkit.realtime.polling import Poll
from shotkit.realtime.watches import EVERY_PROJECT
from tests.proxy import Pooler, proxied
from tests.realtime.conftest import HURRIED


class Asked:
    """A poll of one shot with two links, one generation, the project and its gallery."""

    def __init__(self, world, engine) -> None:
        self.world, self.engine, self.poll = world, engine, Poll("connected")
        self.shot, self.other = world.shot(), world.shot()
        self.generation, self.foreign = world.generation("/a.png"), world.generation("/b.png")
        self.links = [world.link(self.shot, self.generation, frame) for frame in (0, 81)]
        self.watched = {
            "shot_generations": (str(self.shot),),
            "generation_variants": (str(self.generation),),
            "shots": (str(world.project),),
            "generations": (str(world.project),),
        }

    def again(self):
        changes = self.poll.ask(self.engine, self.watched)
        return {changed.table: changed.reason for changed in changes}


@pytest.fixture
def asked(committed, engine, silent):
    poll = Asked(committed, engine)
    assert poll.again() == dict.fromkeys(poll.watched, "connected")
    return poll


LINKS, VARIANTS, SHOTS = "shot_generations", "generation_variants", "shots"
GALLERY = "generations"
WRITES = {
    "nothing": ("select 1", set()),
    "a new link": (
        "insert into shot_generations (shot_id, generation_id) values (%(shot)s, %(foreign)s)",
        {LINKS, GALLERY},
    ),
    "a moved link": (
        "update shot_generations set timeline_frame = 5 where timeline_frame = 0",
        {LINKS, GALLERY},
    ),
    "an update that changes nothing to be seen": ("update shot_generations set metadata = metadata", {LINKS}),
    "new metadata": ("update shot_generations set metadata = '{}' where timeline_frame = 0", {LINKS}),
    "a deleted link": ("delete from shot_generations where timeline_frame = 0", {LINKS, GALLERY}),
    "the deletion of all links": ("delete from shot_generations", {LINKS, GALLERY}),
    "a link that leaves for another shot": (
        "update shot_generations set shot_id = %(other)s where timeline_frame = 0",
        {LINKS, GALLERY},
    ),
    "two links that swap their frames": (
        "update shot_generations set timeline_frame = 81 - timeline_frame",
        {LINKS},
    ),
    "another generation's link elsewhere": (
        "insert into shot_generations (shot_id, generation_id) values (%(other)s, %(foreign)s)",
        {GALLERY},
    ),
    "a star": ("update generations set starred = true where id = %(generation)s", {LINKS, GALLERY}),
    "a new variant": (
        "insert into generation_variants (generation_id, location) values (%(generation)s, '/c.png')",
        {VARIANTS, GALLERY},
    ),
    "a viewed variant": (
        "update generation_variants set viewed_at = now() where generation_id = %(generation)s",
        {VARIANTS, GALLERY},
    ),
    "a new picture": (
        "update generations set location = '/c.png' where id = %(generation)s",
        {LINKS, VARIANTS, GALLERY},
    ),
    "the deletion of all variants": (
        "delete from generation_variants where generation_id = %(generation)s",
        {LINKS, VARIANTS, GALLERY},
    ),
    "a deleted generation": ("delete from generations where id = %(generation)s", {LINKS, VARIANTS, GALLERY}),
    "another generation's variant": (
        "insert into generation_variants (generation_id, location) values (%(foreign)s, '/c.png')",
        {GALLERY},
    ),
    "a new shot": (
        "insert into shots (name, project_id) select 'new', project_id from shots where id = %(shot)s",
        {SHOTS, GALLERY},
    ),
    "a renamed shot": ("update shots set name = 'new' where id = %(other)s", {SHOTS, GALLERY}),
    "a deleted shot": ("delete from shots where id = %(shot)s", {SHOTS, LINKS, GALLERY}),
}


@pytest.mark.parametrize(("write", "found"), WRITES.values(), ids=WRITES.keys())
def test_every_write_is_found_once(asked, write, found):
    asked.world.connection.execute(write, vars(asked))
    assert asked.again() == dict.fromkeys(found, "polled")
    assert asked.again() == {}


@pytest.mark.parametrize("write", WRITES)
def test_the_gallery_of_all_projects_is_told_of_the_same_as_that_of_one(asked, write):
    asked.watched = dict.fromkeys(asked.watched, ()) | {GALLERY: (EVERY_PROJECT, str(asked.world.project))}
    assert asked.again() == {GALLERY: "connected"}
    statement, found = WRITES[write]
    asked.world.connection.execute(statement, vars(asked))
    told = asked.poll.ask(asked.engine, asked.watched)
    wanted = {EVERY_PROJECT, str(asked.world.project)} if GALLERY in found else set()
    assert {id_ for changed in told for id_ in changed.ids} == wanted


@pytest.mark.parametrize("write", ["a moved link", "a viewed variant", "a renamed shot"])
def test_an_update_is_found_where_no_trigger_keeps_updated_at(asked, write):
    statement, found = WRITES[write]
    found = found - {GALLERY} if LINKS in found else found  # without triggers, shot_data stays as it was
    with asked.world.connection.transaction():
        asked.world.run("set local session_replication_role = replica")
        asked.world.connection.execute(statement, vars(asked))
    assert asked.again() == dict.fromkeys(found, "polled")


def test_a_row_replaced_by_another_is_found(asked):
    with asked.world.connection.transaction():
        asked.world.run("delete from shot_generations where timeline_frame = 0")
        asked.world.link(asked.shot, asked.generation, 0)
    assert asked.again() == {LINKS: "polled", GALLERY: "polled"}


def test_what_a_vacuum_rewrites_is_no_change(asked):
    asked.world.run("vacuum freeze shot_generations")
    assert asked.again() == {}


def test_what_is_watched_later_was_not_seen_before_and_what_is_gone_is_nothing(asked):
    asked.watched[LINKS] = (str(asked.shot), str(asked.other))
    assert asked.again() == {LINKS: "connected"}
    asked.world.run("delete from projects")
    asked.world.run("delete from shots")
    assert asked.again() == dict.fromkeys(asked.watched, "polled")


def test_a_difference_is_older_than_data_that_was_read_after_it(asked):
    before = asked.world.one("select pg_current_snapshot()::text")
    asked.world.run(*WRITES["a moved link"][:1])
    after = asked.world.one("select pg_current_snapshot()::text")
    changed, *_ = asked.poll.ask(asked.engine, asked.watched)
    assert [changed.is_older(str(asked.shot), snapshot) for snapshot in (before, after)] == [False, True]


def test_to_ask_for_everything_is_one_round_trip(asked, database):
    with proxied(conninfo_to_dict(database)["host"]) as proxy:
        engine = Database(make_conninfo(database, host=proxy.folder), user_id=str(asked.world.user))
        asked.poll.ask(engine, asked.watched)
        before = proxy.round_trips
        asked.poll.ask(engine, asked.watched)
        assert proxy.round_trips == before + 1
        engine.close()


def test_a_user_is_told_of_nothing_that_he_may_not_see(asked, database):
    engine = Database(database, user_id=str(asked.world.new_user()))
    poll = Poll("connected")
    poll.ask(engine, asked.watched)
    for write in ("a moved link", "a viewed variant", "a renamed shot"):
        asked.world.connection.execute(WRITES[write][0], vars(asked))
    assert poll.ask(engine, asked.watched) == []
    engine.close()


def test_a_schema_that_sends_nothing_is_asked(realtime, received, committed, silent):
    shot = committed.shot()
    watch = realtime.watch(shot)
    assert received.of(shot).reason == "connected"
    assert realtime.status == "polling"
    committed.link(shot, committed.generation())
    assert received.of(shot).reason == "polled"
    other = realtime.watch_project(committed.project)
    assert received.of(committed.project).reason == "connected"
    watch.stop()
    other.stop()


@pytest.mark.parametrize(
    "missing",
    [
        "alter table shot_generations disable trigger notify_changed_shots_delete",
        "alter table shot_generations enable replica trigger notify_changed_shots_insert",
        "drop trigger notify_changed_shot_rows_insert on shots",
        "drop function notify_changed_variants cascade",
    ],
)
def test_a_schema_that_does_not_send_all_is_asked(realtime, received, committed, missing):
    committed.run(missing)
    shot = committed.shot()
    watch = realtime.watch(shot)
    received.of(shot)
    assert realtime.status == "polling"
    watch.stop()


def test_a_pooler_that_loses_notifications_is_seen_through(open_realtime, database, received, committed):
    with proxied(conninfo_to_dict(database)["host"], Pooler) as proxy:
        pace = replace(HURRIED, probe=0.05)
        realtime = open_realtime(make_conninfo(database, host=proxy.folder), pace)
        shot = committed.shot()
        watch = realtime.watch(shot)
        received.of(shot)
        assert realtime.status == "polling"
        committed.link(shot, committed.generation())
        assert received.of(shot).reason == "polled"
        realtime.close()
        watch.stop()
