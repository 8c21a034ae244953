"""The world fails in mid-load or in mid-change: told clearly or got over, nothing lost, its fate told."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.errors import CouldNotCompleteError, QueryTimeoutError, ServerUnreachableError
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.storage import Store
from tests.journal.test_file import limit
from tests.plugins.servers import restart

THROUGH_A_POOLER = True
WAITING = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture
def background():
    with ThreadPoolExecutor(1) as threads:
        yield threads


@contextmanager
def held(address: str, statement: str, *parameters: str):
    """Hold locks in a session of its own, and let them go at the end, unless the server has ended it."""
    session = psycopg.connect(address)
    session.execute(statement, parameters)
    yield session
    with suppress(psycopg.OperationalError):
        session.rollback()
    session.close()


def await_waiting(address: str, done: "Future[object]") -> None:
    """Return when a session waits for a lock."""
    with psycopg.connect(address, autocommit=True) as look:
        while not (done.done() or look.execute(WAITING).fetchone()):
            threading.Event().wait(0.01)
    assert not done.done(), done.result()


def frames(address: str, shot_id: str) -> dict[str, int | None]:
    with psycopg.connect(address) as look:
        text = "select id::text, timeline_frame from public.shot_generations where shot_id = %s"
        return dict(look.execute(text, (shot_id,)).fetchall())


def test_a_server_that_restarts_in_mid_load_is_waited_for(server, database, stage, shot, background):
    ids = stage.links(0, 40)
    with held(database, "lock table public.shot_generations in access exclusive mode"):
        loading = background.submit(shot.generations)
        await_waiting(database, loading)
        restart(server)
    assert loading.result()["id"].to_list() == ids


def test_a_server_that_restarts_in_mid_change_has_it_stored_once(  # noqa: PLR0917
    server, database, stage, kit, shot, background
):
    ids = stage.links(0, 40)
    shot.timeline()
    with held(database, "select from public.shot_generations where id = %s for update", ids[1]):
        moving = background.submit(shot.move, ids[1], 90)
        await_waiting(database, moving)
        restart(server)
    assert moving.result().after["timeline_frame"].to_list() == [0, 90]
    assert frames(database, stage.shot_id) == {ids[0]: 0, ids[1]: 90}
    assert shot.timeline()["timeline_frame"].to_list() == [0, 90]
    assert kit.history()["status"].to_list() == ["stored"]


def test_the_statement_timeout_names_itself_and_the_way_out(database, stage, kits, monkeypatch):
    ids = stage.links(0, 40)
    monkeypatch.setenv("SHOTKIT_STATEMENT_TIMEOUT", "300ms")
    kit = kits()
    shot = kit.shot(stage.shot_id)
    shot.timeline()
    stored = stage.stored()
    named = r"canceling statement due to statement timeout\. Way out: raise SHOTKIT_STATEMENT_TIMEOUT"
    with held(database, "select from public.shot_generations where id = %s for update", ids[1]):
        with pytest.raises(QueryTimeoutError, match=named):
            shot.move(ids[1], 90)
        assert shot.timeline()["timeline_frame"].to_list() == [0, 40]
    whole_table = "lock table public.generations in access exclusive mode"
    with held(database, whole_table), pytest.raises(QueryTimeoutError, match=named):
        kit.generations()
    assert stage.stored() == stored
    assert kit.history()["status"].to_list() == ["refused"]
    shot.move(ids[1], 90)
    assert stage.frames()[ids[1]] == 90


@pytest.fixture
def crowd(stage, database):
    """The address of a role that may have one session, and acts as the service role."""
    stage.connection.execute("create role crowd login connection limit 1; grant service_role to crowd")
    yield f"{database} user=crowd"
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crowd'"
    stage.connection.execute(ended)
    stage.connection.execute("drop role crowd")


@pytest.mark.direct(because="the pooler's sessions are not the role's")
def test_a_reached_connection_limit_is_told_and_nothing_is_written(stage, crowd, tmp_path, monkeypatch):
    monkeypatch.setattr("shotkit.session.PATIENCE", 0.1)
    ids = stage.links(0, 40)
    journal = Journal(tmp_path / "journal.sqlite")
    with Kit(Database(crowd, role="service_role"), Store(tmp_path), journal) as kit:
        shot = kit.shot(stage.shot_id)
        stored = stage.stored()
        stage.connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crowd'"
        )
        with taken(crowd):
            for asked in (lambda: shot.move(ids[1], 90), shot.timeline, kit.shots):
                with pytest.raises(
                    ServerUnreachableError, match=r"too many connections.*close other sessions"
                ):
                    asked()
        assert stage.stored() == stored
        shot.move(ids[1], 90)
        assert kit.history()["status"].to_list() == ["stored", "refused"]


@contextmanager
def taken(address: str):
    """Take the only session that a role may have, as soon as the one that was ended is gone."""
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(address):
            yield
            return


def test_a_full_disk_of_the_journal_stops_a_change_before_it_is_sent(stage, kit, shot):
    ids = stage.many(300)
    shot.normalize(dry_run=True)
    shot.timeline()
    kit.history()
    stored = stage.stored()
    limit(kit._session.journal)
    with pytest.raises(CouldNotCompleteError, match=r"cannot be written: .*full.*Nothing was sent"):
        ask_until_full(shot, ids)
    assert stage.stored() == stored
    assert shot.timeline()["id"].to_list() == ids


def ask_until_full(shot, ids) -> None:
    """Ask for the order there is, which is noted and writes nothing, until the last free page is used up."""
    for _ in range(500):
        shot.reorder(ids)


def test_a_disk_that_fills_after_the_commit_leaves_the_change_stored_and_found_later(
    stage, kit, shot, monkeypatch
):
    ids = stage.many(300)
    shot.timeline()
    begin = Journal.begin

    def filled(self, entry):
        begin(self, entry)
        limit(self)

    monkeypatch.setattr(Journal, "begin", filled)
    with pytest.warns(
        RuntimeWarning, match="stays 'unknown' in the journal; what the database answered holds"
    ):
        change = shot.reorder(ids[::-1])
    assert [id_ for id_, _ in sorted(stage.frames().items(), key=lambda each: each[1])] == ids[::-1]
    kit._session.journal.close()  # there is room again
    assert kit.history()[["op_id", "status"]].to_numpy().tolist() == [[change.op_id, "stored"]]
