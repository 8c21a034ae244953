"""Real PostgreSQL servers for the tests: one throwaway cluster a version and run, never a mock.

`SHOTKIT_TEST_POSTGRES` lists the versions (`18,15`): 18 and 16 come with the wheel, others from the system.
Under CI both 18 and 15 are the rule, and a version that is missing is a failure, never a skip.

- `database`: the address of a database of its own, schema applied, cloned from a template; for tests that commit.
- `connection`: a superuser's psycopg connection to a database shared by the run; rolled back at the end.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shotkit.engine import Database
from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.schema.migrations import push

BUNDLED = {"18", "16"}
_NUMBERS = count()


def versions() -> list[str]:
    default = "18,15" if os.environ.get("CI") else "18"
    return os.environ.get("SHOTKIT_TEST_POSTGRES", default).split(",")


def pytest_report_header() -> str:
    return f"postgres: {', '.join(versions())}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        metafunc.parametrize("server", versions(), indirect=True, scope="session", ids=lambda v: f"pg{v}")


def _binaries(version: str) -> Path:
    if version in BUNDLED:
        return bundled_binaries(int(version))
    folder = Path(f"/usr/lib/postgresql/{version}/bin")
    if not (folder / "postgres").exists():
        pytest.exit(f"PostgreSQL {version} is not installed at {folder}; it is never skipped.", returncode=3)
    return folder


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="shotkit-test-"))
    cluster = Cluster(folder / "data", _binaries(request.param))
    cluster.create()
    # What makes a server slow to write safely is not under test here.
    cluster.start(fsync="off", synchronous_commit="off", full_page_writes="off", max_connections="60")
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


def create_database(server: Cluster, name: str, template: str = "template0") -> str:
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return server.conninfo(name)


@pytest.fixture(scope="session")
def template(server: Cluster) -> str:
    """The name of a database with the schema applied and nothing in it."""
    name = f"template_{next(_NUMBERS)}"
    migrated = Database(create_database(server, name))
    push(migrated)
    migrated.close()
    return name


@pytest.fixture
def empty_database(server: Cluster) -> str:
    return create_database(server, f"empty_{next(_NUMBERS)}_scratch")


@pytest.fixture
def database(server: Cluster, template: str) -> str:
    return create_database(server, f"clone_{next(_NUMBERS)}_scratch", template)


@pytest.fixture(scope="session")
def shared_database(server: Cluster, template: str) -> str:
    return create_database(server, f"shared_{next(_NUMBERS)}_scratch", template)


@pytest.fixture
def connection(shared_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_database) as opened:
        yield opened
        opened.rollback()
