"""pgbouncer in transaction mode before the test server: a module with THROUGH_A_POOLER runs through it too.

Its tests run once more on the first server, with every connection of shotkit's going through the pooler; what
the tests themselves ask of the server goes past it. pgbouncer refuses the settings that a session is started
with, and each transaction gets another server session.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import Database
from shotkit.engine.cluster import Cluster
from shotkit.engine.owner import as_owner, hand_over
from tests.plugins.servers import versions

PORT = 6543
MISSING = (
    "The tests of poolers need pgbouncer, which is not here: install it (Debian, Ubuntu: apt-get install "
    "pgbouncer) or put it on the PATH, and run this again."
)
SETTINGS = """
[databases]
* = host={server} port=5432 user=postgres

[pgbouncer]
pool_mode = transaction
server_round_robin = 1
server_idle_timeout = 1
default_pool_size = 8
max_client_conn = 300
server_login_retry = 0.1
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
admin_users = postgres
logfile = {folder}/log
pidfile = {folder}/pid
"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "direct(because): what a pooler in between leaves nothing to try of")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if getattr(metafunc.module, "THROUGH_A_POOLER", False) and "server" in metafunc.fixturenames:
        metafunc.parametrize("route", ["direct", "pooled"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep one server's tests through the pooler, on our own schema: it is the pooler that is tried."""
    first = versions()[0]
    items[:] = [item for item in items if not _is_elsewhere(item, first)]


def _is_elsewhere(item: pytest.Item, first: str) -> bool:
    given = item.callspec.params if hasattr(item, "callspec") else {}
    direct = any(mark.kwargs["because"] for mark in item.iter_markers("direct"))
    elsewhere = direct or given.get("server") != first or given.get("schema", "own") != "own"
    return given.get("route") == "pooled" and elsewhere


def binary() -> str | None:
    # Debian puts it beside what an administrator starts.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return shutil.which("pgbouncer", path=path)


@pytest.fixture(scope="session")
def pooler(server: Cluster) -> Iterator[Path]:
    """The folder of the socket of a pgbouncer before the server."""
    if (program := binary()) is None:
        pytest.fail(MISSING, pytrace=False)
    folder = Path(tempfile.mkdtemp(prefix="shotkit-pooler-"))
    target = conninfo_to_dict(server.conninfo())["host"]
    (folder / "settings").write_text(SETTINGS.format(server=target, folder=folder, port=PORT))
    hand_over(folder)
    with subprocess.Popen(
        [program, str(folder / "settings")], stderr=subprocess.DEVNULL, **as_owner()
    ) as process:
        while not (folder / f".s.PGSQL.{PORT}").exists():
            assert process.poll() is None, (folder / "log").read_text("utf-8")
        yield folder
        process.terminate()
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def route(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """By which way shotkit reaches the server: direct, or pooled."""
    way = getattr(request, "param", "direct")
    if way == "pooled":
        server, folder = request.getfixturevalue("server"), request.getfixturevalue("pooler")
        _lead_through(folder, str(conninfo_to_dict(server.conninfo())["host"]), monkeypatch)
    return way


@pytest.fixture
def pooled(server: Cluster, pooler: Path, database: str) -> str:
    """The test's own database, through the pooler."""
    return make_conninfo(database, host=str(pooler), port=PORT)


def _lead_through(folder: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Database.__init__

    def through(self: Database, conninfo: str, **options: object) -> None:
        if conninfo_to_dict(conninfo).get("host") == server:
            conninfo = make_conninfo(conninfo, host=str(folder), port=PORT)
        opened(self, conninfo, **options)

    monkeypatch.setattr(Database, "__init__", through)


if __name__ == "__main__":
    if binary() is None:
        sys.exit(MISSING)
