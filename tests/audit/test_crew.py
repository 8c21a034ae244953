"""Connections that share one snapshot find what one alone finds; Ctrl-C ends them all at once."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.audit import crew, run
from shotkit.demo.faults import plant
from shotkit.engine import Database, DuckDatabase
from shotkit.errors import ConfigurationError, ServerUnreachableError
from tests.audit.conftest import drift
from tests.plugins.engines import assert_same
from tests.proxy import Renumbered, proxied

pytestmark = pytest.mark.only_on("own", because="how connections share a snapshot is no matter of a schema")

running = import_module("shotkit.audit.run")
BUSY = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'"
PATIENCE = 60  # seconds until a process that did not hear of the interrupt has failed
# Long-lived, as a kernel is: it audits again and again, by as many connections as it is told.
AUDITING = """
import sys
from shotkit.audit import run
from shotkit.engine import Database

database = Database(sys.argv[1])
for line in sys.stdin:
    try:
        print("ok" if run(database, ["0001", "0012"], jobs=int(line)).ok else "found", flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""
# Two tasks never end by themselves; Ctrl-C is pressed by the first, whatever the main thread is at just then.
CROWDED = """
import signal, threading
from shotkit.audit.crew import share_out

class Worker:
    def __init__(self):
        self.cancelled = threading.Event()
        self.cancel = self.cancelled.set

def wait(worker):
    busy.append(worker)
    worker.cancelled.wait()
    busy.remove(worker)

def press(worker):
    signal.raise_signal(signal.SIGINT)
    wait(worker)

busy = []
for _ in range(200):
    tasks = [("one", press), *[("other", wait)] * 20]
    try:
        share_out([Worker() for _ in range(4)], tasks, lambda done: None)
    except KeyboardInterrupt:
        assert not busy, "left running"
    else:
        raise AssertionError("it was not interrupted")
print("ended")
"""
# One of DuckDB's threads has all the work of such a query: not always the one that hears of Ctrl-C.
COUNTING = """
import signal, sys
from shotkit.engine import DuckDatabase, Snapshot
from shotkit.sql import Statement

def of(text):
    return Statement("test", "test", {}, frozenset(), text)

duck = DuckDatabase(Snapshot(sys.argv[1]))
signal.signal(signal.SIGALRM, signal.default_int_handler)
for _ in range(6):
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        duck.rows(of("select count(*) from range(100000000000000) as r (i)"))
    except KeyboardInterrupt:
        print("interrupted")
    print(len(duck.rows(of("select 1"))))
duck.close()
"""


def test_several_connections_find_what_one_finds(world, db):
    drift(world)
    for audit in ("0002", "0003"):
        plant(db, audit, count=2)
    alone = run(db, jobs=1)
    assert len(set(alone.findings["audit"])) >= 3
    for jobs in (2, 3):
        assert_same(run(db, jobs=jobs), alone)


def test_what_is_written_once_the_first_has_begun_is_seen_by_none(world, db, monkeypatch):
    others = crew._others

    def later(*given, **options):
        drift(world)
        return others(*given, **options)

    world.build({}, [])
    monkeypatch.setattr(crew, "_others", later)
    report = run(db, ["0001", "0002", "0004"], jobs=2)
    assert report.findings.empty
    assert report.coverage["generations"] == 0
    assert len(run(db, "0001", jobs=1).findings)


def sessions(monkeypatch) -> list[int]:
    """How many workers each audit has from now on."""
    seen = []
    share_out = crew.share_out
    monkeypatch.setattr(
        running,
        "share_out",
        lambda workers, *given: (seen.append(len(workers)), share_out(workers, *given))[1],
    )
    return seen


def test_unless_told_only_large_tables_are_shared_out_and_where_the_server_has_room(db, world, monkeypatch):
    seen = sessions(monkeypatch)
    world.build({}, [])
    run(db, "0002")
    monkeypatch.setattr(crew, "_LARGE", 0)
    run(db, "0002")

    def full(*given, snapshot=None, **options):
        if snapshot:
            raise ServerUnreachableError
        return transaction(db, **options)

    transaction = Database.transaction
    monkeypatch.setattr(db, "transaction", full)
    run(db, "0002")
    assert seen == [1, 1, 2, 2, 1, 1]
    with pytest.raises(ServerUnreachableError):
        run(db, "0002", jobs=2)


def test_through_a_pooler_it_is_one_connection_and_more_are_refused(database, world, monkeypatch):
    monkeypatch.setattr(crew, "_LARGE", 0)
    seen = sessions(monkeypatch)
    world.build({}, [])
    with (
        proxied(conninfo_to_dict(database)["host"], Renumbered) as proxy,
        closing(Database(make_conninfo(database, host=proxy.folder))) as pooled,
    ):
        run(pooled, "0002")
        with pytest.raises(ConfigurationError, match="Through a pooler"):
            run(pooled, "0002", jobs=2)
    assert seen == [1, 1]


@pytest.mark.parametrize("jobs", [0, 9, -1, True, "2", 1.0])
def test_what_is_no_number_of_connections_is_refused(db, jobs):
    with pytest.raises(ConfigurationError, match="from 1 to 8"):
        run(db, "0002", jobs=jobs)


def test_a_snapshot_is_not_shared_out(demo_snapshot):
    with (
        closing(DuckDatabase(demo_snapshot)) as duck,
        pytest.raises(ConfigurationError, match="duckdb shares out"),
    ):
        run(duck, jobs=2)


def test_each_interrupt_ends_what_the_server_does_and_the_next_audit_works(database):
    with (
        psycopg.connect(database) as other,
        psycopg.connect(database, autocommit=True) as watcher,
        alone(AUDITING, f"{database} options='-c lock_timeout=0'") as child,
    ):
        for jobs in (1, 2, 2, 1):
            other.execute("lock table generations in access exclusive mode")
            assert child.stdin
            assert child.stdout
            child.stdin.write(f"{jobs}\n")
            child.stdin.flush()
            while waiting(watcher) < jobs:
                assert child.poll() is None
            child.send_signal(signal.SIGINT)
            assert child.stdout.readline() == "interrupted\n"
            assert watcher.execute(BUSY).fetchone() == (1,), "the watcher alone"
            other.rollback()
            child.stdin.write(f"{jobs}\n")
            child.stdin.flush()
            assert child.stdout.readline() == "ok\n"


def test_an_interrupt_at_any_moment_ends_every_connection():
    with alone(CROWDED) as child:
        assert child.communicate() == ("ended\n", "")


def waiting(watcher: psycopg.Connection) -> int:
    return watcher.execute(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock'"
    ).fetchone()[0]


def test_an_interrupt_ends_duckdb_too(demo_snapshot):
    with alone(COUNTING, str(demo_snapshot.folder)) as child:
        assert child.communicate() == ("interrupted\n1\n" * 6, "")


@contextmanager
def alone(code: str, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    """A process of its own, whose Ctrl-C nothing else has had its hands on; killed where it does not end."""
    run, piped = [sys.executable, "-c", code, *arguments], subprocess.PIPE
    with subprocess.Popen(run, stdin=piped, stdout=piped, stderr=piped, text=True) as child:
        late = threading.Timer(PATIENCE, child.kill)
        late.start()
        try:
            yield child
        finally:
            late.cancel()
            child.kill()


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_audit_is_told_when_it_is_done(db, world, monkeypatch, jobs):
    told = []

    @contextmanager
    def bar(what: str, total: int, *, shown: bool) -> Iterator[object]:
        yield lambda done: told.append((total, done))

    world.build({}, [])
    monkeypatch.setattr(running, "bar", bar)
    report = run(db, jobs=jobs, progress=True)
    names = [done for _, done in told]
    assert {ran.audit for ran in report.audits} <= set(names)
    assert {total for total, _ in told} == {len(told)}
