"""Connections and servers that go, and come back."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database
from shotkit.engine.cluster import Cluster
from shotkit.schema.migrations import push
from tests.plugins.servers import scratch
from tests.proxy import Hole, proxied
from tests.realtime.conftest import eventually
from tests.schema.world import World

SECRET = "s3cr3t-canary"  # noqa: S105 -- a canary, no secret
LISTENERS = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and query like 'listen %%'
"""


@pytest.fixture
def own_server(server):
    """A server that may be stopped, with the schema."""
    folder = Path(tempfile.mkdtemp(prefix="shotkit-home-", dir=scratch()))
    cluster = Cluster(folder / "data", server.binaries)
    cluster.create("--no-sync")
    cluster.start(fsync="off")
    migrated = Database(cluster.conninfo())
    push(migrated)
    migrated.close()
    yield cluster
    if cluster.running():
        cluster.stop()
    shutil.rmtree(folder)


def test_a_terminated_session_is_replaced_and_everything_watched_is_told(realtime, received, committed):
    shots = [committed.shot(), committed.shot()]
    watches = [realtime.watch(shot) for shot in shots]
    project = realtime.watch_project(committed.project)
    received.of(committed.project, "connected")
    for _ in range(3):
        assert committed.run(LISTENERS).fetchall() == [(True,)]
        told = received.of(shots[0], "reconnected")
        assert set(told.ids) == {watch.id for watch in watches}
        assert received.of(project.id).reason == "reconnected"
        committed.link(shots[1], committed.generation())
        assert received.of(shots[1]).reason == "notified"
    assert realtime.last_error.startswith("The connection was lost: ")
    assert repr(realtime) == "<Realtime listening, 3 watched>"


def test_what_happened_while_nobody_listened_is_not_older_than_the_data(realtime, received, committed):
    shot, generation = committed.shot(), committed.generation()
    watch = realtime.watch(shot)
    received.of(shot, "connected")
    seen = committed.one("select pg_current_snapshot()::text")
    with committed.connection.transaction():
        committed.run(LISTENERS)
        committed.link(shot, generation)
    told = received.of(shot, "reconnected")
    if told.is_older(watch.id, seen):  # it listened again before the commit
        told = received.of(shot, "notified")
    assert not told.is_older(watch.id, seen)


def test_a_server_that_restarts_is_found_again(own_server, open_realtime, received):
    realtime = open_realtime(own_server.conninfo())
    with psycopg.connect(own_server.conninfo(), autocommit=True) as writer:
        shot = World(writer).shot()
    watch = realtime.watch(shot)
    received.of(shot, "connected")
    own_server.stop()
    eventually(lambda: realtime.status == "reconnecting" and "No connection to" in realtime.last_error)
    assert repr(realtime).startswith("<Realtime reconnecting, 1 watched: No connection to host=")
    own_server.start(fsync="off")
    assert received.of(shot).reason == "reconnected"
    with psycopg.connect(own_server.conninfo(), autocommit=True) as writer:
        world = World(writer)
        project = world.one("select project_id from shots")
        world.link(shot, world.generation(project=project))
    assert received.of(shot, "notified").shot_ids == (watch.id,)


def test_a_poll_goes_on_after_its_connection_was_lost(realtime, received, committed, silent):
    shot = committed.shot()
    watch = realtime.watch(shot)
    received.of(shot, "connected")
    committed.run(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    committed.link(shot, committed.generation())
    assert received.of(shot).reason in ("polled", "reconnected")
    eventually(lambda: realtime.status == "polling")
    assert watch.id in repr(watch)


def test_a_line_that_went_dead_without_a_word_is_replaced(
    open_realtime, database, received, committed, monkeypatch
):
    monkeypatch.setattr("shotkit.engine.listen.PULSE", 0.05)
    monkeypatch.setattr("shotkit.engine.listen.PATIENCE", 0.5)
    with proxied(conninfo_to_dict(database)["host"], Hole) as proxy:
        realtime = open_realtime(make_conninfo(database, host=proxy.folder))
        shot = committed.shot()
        watch = realtime.watch(shot)
        received.of(shot, "connected")
        proxy.fall_in()
        assert received.of(shot).reason == "reconnected"
        assert realtime.last_error == "The server did not answer within 0 s of being asked."
        committed.link(shot, committed.generation())
        assert received.of(shot).reason == "notified"
        realtime.close()
        watch.stop()


@pytest.mark.parametrize("wrong", ["host=/nowhere", "user=nobody"])
def test_a_server_that_cannot_be_reached_is_told_without_secrets_and_tried_until_close(
    open_realtime, database, wrong
):
    realtime = open_realtime(f"{database} {wrong} password={SECRET}")
    watch = realtime.watch("6f8a2c1e-0d3b-4f6a-9b7e-1c2d3e4f5a6b")
    eventually(lambda: realtime.last_error)
    eventually(lambda: realtime.status == "reconnecting")
    assert SECRET not in realtime.last_error + repr(realtime)
    realtime.close()
    assert realtime.status == "off"
    watch.stop()
