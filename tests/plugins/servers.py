"""Real PostgreSQL servers for the tests: one throwaway cluster a version and run, never a mock.

`SHOTKIT_TEST_POSTGRES` lists the versions (`18,15`): 18 and 16 come with the wheel, others from the system.
Under CI both 18 and 15 are the rule, and a version that is missing stops the run; it is never skipped.

- `database`: the address of a database of its own, schema applied, cloned; for tests that commit.
- `lend`: makes more of these, from any template.
- `connection`: a superuser's psycopg connection to a database shared by the run; rolled back at the end.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from psycopg import sql

from shotkit.engine import Database
from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.engine.locks import try_lock
from shotkit.errors import ShotkitError
from shotkit.schema.migrations import push

BUNDLED = {"18", "16"}
#: What stands on statements that are tested on every version, and runs on the first alone. A module elsewhere
#: says so by ON_ONE_SERVER, which holds the reason.
ABOVE = {"browser", "demo", "handles", "journal", "prove", "reports", "trials", "widgets"}
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "jit": "off",
}
_PREFIX = "shotkit-test-"
_MEMORY = Path("/dev/shm")  # noqa: S108  a folder made in it is its maker's alone
_ROOM = 4 << 30
_NUMBERS = count()


def versions() -> list[str]:
    default = "18,15" if os.environ.get("CI") else "18"
    return os.environ.get("SHOTKIT_TEST_POSTGRES", default).split(",")


def pytest_configure() -> None:
    missing = [version for version in versions() if not (binaries_of(version) / "postgres").exists()]
    if missing:
        where = ", ".join(str(binaries_of(version)) for version in missing)
        pytest.exit(f"PostgreSQL {', '.join(missing)} is not installed ({where}); install it.", returncode=3)


def pytest_report_header() -> str:
    found = (Cluster(Path("/"), binaries_of(version)).version for version in versions())
    return f"postgres: {', '.join(found)}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        asked = versions() if _speaks_to_the_server(metafunc.module) else versions()[:1]
        metafunc.parametrize("server", asked, indirect=True, scope="session", ids=lambda v: f"pg{v}")


def _speaks_to_the_server(module: ModuleType) -> bool:
    """Whether what it tests depends on the server's version, by statements of its own."""
    return module.__name__.split(".")[1] not in ABOVE and not hasattr(module, "ON_ONE_SERVER")


def binaries_of(version: str) -> Path:
    return (
        bundled_binaries(int(version)) if version in BUNDLED else Path(f"/usr/lib/postgresql/{version}/bin")
    )


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=scratch()))
    ours = try_lock(folder / "run")
    cluster = Cluster(folder / "data", binaries_of(request.param))
    try:
        # What makes a server slow to write safely is not under test here.
        cluster.create("--no-sync")
        cluster.start(**SETTINGS)
    except ShotkitError as error:
        shutil.rmtree(folder)
        pytest.exit(f"PostgreSQL {request.param} cannot be reached: {error}", returncode=3)
    yield cluster
    _end(cluster)
    shutil.rmtree(folder)
    os.close(ours)


def scratch() -> Path:
    """Where a server's data is best kept: in memory, where a database is copied 20 times faster."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy else Path(tempfile.gettempdir())


def _sweep() -> None:
    """End the servers, and remove the folders, of runs that were killed: nobody holds their lock."""
    # In both places: what a killed run left may be why there is no room in memory now.
    places = (_MEMORY, Path(tempfile.gettempdir()))
    found = (folder for place in places for folder in place.glob(f"{_PREFIX}*"))
    for folder in (folder for folder in found if os.access(folder, os.W_OK)):
        # A folder without the lock is just being made.
        if (folder / "run").exists() and (abandoned := try_lock(folder / "run")) is not None:
            _end(Cluster(folder / "data", bundled_binaries()))  # pg_ctl stops any version's server
            shutil.rmtree(folder, ignore_errors=True)
            os.close(abandoned)


def restart(server: Cluster) -> None:
    """Stop the run's server, which ends all sessions, and start it again."""
    server.stop()
    server.start(**SETTINGS)


def _end(cluster: Cluster) -> None:
    if cluster.running():
        cluster.stop()


def create_database(server: Cluster, name: str, template: str = "template0") -> str:
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        statement = sql.SQL("create database {} template {} strategy file_copy")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return server.conninfo(name)


@pytest.fixture
def lend(server: Cluster) -> Iterator[Callable[..., str]]:
    """Makes a database, named after a kind and copied from a template, that lasts as long as the test."""
    lent = []

    def made(kind: str, template: str = "template0") -> str:
        lent.append(f"{kind}_{next(_NUMBERS)}_scratch")
        return create_database(server, lent[-1], template)

    yield made
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        for name in lent:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def template(server: Cluster) -> str:
    """The name of a database with the schema applied and nothing in it."""
    name = f"template_{next(_NUMBERS)}"
    migrated = Database(create_database(server, name))
    push(migrated)
    migrated.close()
    return name


@pytest.fixture
def empty_database(lend: Callable[..., str]) -> str:
    return lend("empty")


@pytest.fixture
def database(lend: Callable[..., str], schema_template: str) -> str:
    return lend("clone", schema_template)


@pytest.fixture(scope="session")
def shared_database(server: Cluster, template: str) -> str:
    return create_database(server, f"shared_{next(_NUMBERS)}_scratch", template)


@pytest.fixture
def connection(shared_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_database) as opened:
        yield opened
        opened.rollback()
