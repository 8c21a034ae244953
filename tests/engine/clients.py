"""Processes that hold the embedded server open."""

import os
import subprocess
import sys
from contextlib import contextmanager

from shotkit.engine import embedded

CLIENT = """
import sys
from shotkit.engine import open_database
from shotkit.errors import ShotkitError
from shotkit.sql import Statement
try:
    database = open_database()
except ShotkitError as error:
    sys.exit(f"{type(error).__name__}: {error}")
started = "select to_char(pg_postmaster_start_time(), 'YYYY-MM-DD HH24:MI:SS.US') as at"
print(database.rows(Statement("own", "", {}, frozenset(), started))[0]["at"], flush=True)
sys.stdin.read()
"""


class Client(subprocess.Popen):
    """A process that opens the embedded database, says when its server was started, and waits for its end."""

    def __init__(self, place, code=CLIENT, **environ):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "SHOTKIT"))}
        super().__init__(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean | {"SHOTKIT_HOME": str(place)} | environ,
        )

    def says(self):
        return self.stdout.readline().strip() or self.communicate()[1]

    def leave(self):
        out, err = self.communicate()
        assert (self.returncode, out, err) == (0, "", "")


@contextmanager
def client(place, **environ):
    process = Client(place, **environ)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def running(place):
    return embedded._cluster(place).running()


def postmaster(place):
    return int((place / "postgres/postmaster.pid").read_text().splitlines()[0])


def refusal(place):
    with client(place) as refused:
        told = refused.says()
        assert refused.wait() == 1
    assert told.startswith("EmbeddedServerError: ")
    assert told.count("\n") == 1
    return told
