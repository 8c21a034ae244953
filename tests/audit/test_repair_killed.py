"""A repair that is broken off leaves whole batches, and an undo file that fits what was committed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from shotkit.audit import apply, run, undo
from shotkit.audit.repair import mend
from shotkit.errors import ConnectionLostError
from tests.audit.conftest import drift, findings
from tests.audit.world import G

pytestmark = pytest.mark.only_on("own", because="what a kill leaves is no matter of a schema")

# Two generations a batch: G[0] and G[1], then G[2], whose write waits for a lock of ours.
COMMAND = "from shotkit.audit.repair import mend; mend.BATCH = 2; from shotkit.cli import main; main()"
WAITS = """
    create function public.wait() returns trigger language plpgsql as $$ begin
        if new.id = '{id}' then
            perform set_config('lock_timeout', '0', true);
            perform pg_advisory_xact_lock(42);
        end if;
        return new;
    end $$;
"""
IN_THE_WRITE = "create trigger wait before update on generations for each row execute function public.wait()"
IN_THE_COMMIT = (
    "create constraint trigger wait after update on generations deferrable initially deferred "
    "for each row execute function public.wait()"
)
WAITING = "select pid from pg_locks where locktype = 'advisory' and not granted"


@pytest.fixture
def drifted(world):
    return drift(world)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "undo.jsonl"


@contextmanager
def held_up(world, where: str) -> Iterator[psycopg.Connection]:
    """Let the write of the second batch wait, in its statement or in its commit, until the end."""
    world.connection.execute(WAITS.format(id=G[2]) + where)
    world.connection.execute("select pg_advisory_lock(42)")
    try:
        yield world.connection
    finally:
        world.connection.execute("select pg_advisory_unlock(42)")
        world.connection.execute("drop function public.wait() cascade")


@contextmanager
def repairing(database: str, file: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", COMMAND, "repair", "--only", "0001", "--apply", "--undo-file", str(file)]
    with subprocess.Popen(
        command,
        env=os.environ | {"SHOTKIT_URL": database},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def waiting(connection: psycopg.Connection, process: "subprocess.Popen[str] | None" = None) -> int:
    """Wait until the repair does; return its backend."""
    while not (found := connection.execute(WAITING).fetchone()):
        assert process is None or process.poll() is None, process.stdout.read()
    return found[0]


def ended(connection: psycopg.Connection, backend: int) -> None:
    while connection.execute("select from pg_stat_activity where pid = %s", [backend]).fetchone():
        pass


def noted(file: Path) -> list[list[str]]:
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return [[cell["id"] for cell in line["batch"]] for line in lines[1:]]


def texts(world) -> dict[str, str]:
    return dict(world.connection.execute("select id::text, shot_data::text from generations").fetchall())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_client_killed_in_the_middle_leaves_whole_batches_and_their_undo(drifted, db, database, file, how):
    before = texts(drifted)
    with held_up(drifted, IN_THE_WRITE) as connection, repairing(database, file) as process:
        backend = waiting(connection, process)
        process.send_signal(how)
        said = process.communicate()[0]
    ended(drifted.connection, backend)
    assert how != signal.SIGINT or (process.returncode, "Cancelled" in said) == (3, True), said
    assert {generation for generation, _, _ in findings(db)} == {G[2]}
    assert noted(file) == [G[:2]]
    undo(db, file)
    assert texts(drifted) == before


def test_a_client_killed_in_its_commit_has_noted_what_the_server_then_commits(drifted, db, database, file):
    before = texts(drifted)
    with held_up(drifted, IN_THE_COMMIT) as connection, repairing(database, file) as process:
        backend = waiting(connection, process)
        process.kill()
        process.wait()
    ended(drifted.connection, backend)
    assert findings(db) == set()
    assert noted(file) == [G[:2], [G[2]]]
    undo(db, file)
    assert texts(drifted) == before


@pytest.mark.parametrize("wait", [(IN_THE_WRITE, [G[:2]]), (IN_THE_COMMIT, [G[:2], [G[2]]])])
def test_a_killed_backend_leaves_whole_batches_and_an_undo_that_passes_by_what_was_not_kept(
    drifted, opened, database, tmp_path, wait
):
    where, batches = wait
    file = tmp_path / "undo.jsonl"
    before = texts(drifted)
    with held_up(drifted, where) as connection, repairing(database, file) as process:
        connection.execute("select pg_terminate_backend(%s)", [waiting(connection, process)])
        said = process.communicate()[0]
    assert process.returncode == 3
    assert "2 generations were written and stay so" in said
    db = opened()
    assert {generation for generation, _, _ in findings(db)} == {G[2]}
    assert noted(file) == batches
    undone = undo(db, file)
    assert set(undone.changes["id"]) == set(G[:2])
    assert undone.refused.empty
    assert texts(drifted) == before


def test_the_undo_of_a_broken_undo_goes_on_where_it_ended(drifted, db, file, monkeypatch):
    monkeypatch.setattr(mend, "BATCH", 1)
    before = texts(drifted)
    apply(db, run(db, "0001"), file)
    drifted.connection.execute(f"""
        create function public.end_it() returns trigger language plpgsql as $$ begin
            if new.id = '{G[1]}' then perform pg_terminate_backend(pg_backend_pid()); end if;
            return new;
        end $$;
        create trigger end_it before update on generations for each row execute function public.end_it()
    """)
    with pytest.raises(ConnectionLostError, match="1 generations were written and stay so"):
        undo(db, file)
    drifted.connection.execute("drop trigger end_it on generations")
    assert list(undo(db, file).changes["id"]) == [G[1], G[0]]
    assert texts(drifted) == before
