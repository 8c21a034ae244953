"""A listener never keeps a process alive, and a forked child never meddles with its parent's."""

import subprocess
import sys

import pytest

OPENING = """
import os, queue, sys
import psycopg
from shotkit.engine import Database
from shotkit.realtime import Realtime

address = sys.argv[1]
told = queue.SimpleQueue()
realtime = Realtime(Database(address), told.put)
with psycopg.connect(address, autocommit=True) as writer:
    writer.execute("insert into users (name) values ('ada')")
    writer.execute("insert into projects (name, user_id) select 'film', id from users")
    project = writer.execute("select id from projects").fetchone()[0]

def rename(name):
    with psycopg.connect(address, autocommit=True) as writer:
        writer.execute("insert into shots (name, project_id) values (%s, %s)", [name, project])

watch = realtime.watch_project(project)
assert told.get(timeout=30).reason == "connected"
"""
FORKING = """
if (child := os.fork()) == 0:
    fine = False
    try:
        assert realtime.status == "off" and repr(realtime) == "<Realtime off, 0 watched>"
        theirs = realtime.watch_project(project)
        assert told.get(timeout=30).reason == "connected"
        rename("child")
        assert told.get(timeout=30).reason == "notified"
        realtime.close()
        watch.stop()
        fine = True
    finally:
        os._exit(0 if fine else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert told.get(timeout=30).reason == "notified"
rename("parent")
assert told.get(timeout=30).reason == "notified"
assert realtime.status == "listening" and realtime.last_error is None
"""


def run(code, database):
    done = subprocess.run(
        [sys.executable, "-c", OPENING + code, database],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("end", ["", "sys.exit(0)", "del realtime, watch"])
def test_the_interpreter_exits_with_a_listener_running(database, end):
    assert run(end, database) == (0, "", "")


def test_a_forked_child_begins_anew_and_leaves_its_parents_session_alone(database):
    assert run(FORKING, database) == (0, "", "")
