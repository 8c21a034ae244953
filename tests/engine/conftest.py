"""What the engine's tests share: statements that are not in sql/, and a server that asks for a password."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shotkit.engine import Database, embedded
from shotkit.sql import Statement
from tests.plugins.servers import scratch

SECRET = "s3cr3t-canary"  # noqa: S105  a canary, no secret


def statement(text: str) -> Statement:
    return Statement("tests/own", "a test's own", {}, frozenset(re.findall(r"%\((\w+)\)s", text)), text)


ONE = statement("select 1 as one")
PID = statement("select pg_backend_pid() as pid")
SLEEP = statement("select pg_sleep(30)")


@pytest.fixture
def opened(empty_database: str) -> Iterator[Callable[..., Database]]:
    """Opens the test's own database as often as asked; closes all at the end."""
    made = []

    def open_it(**options: object) -> Database:
        made.append(Database(empty_database, **options))
        return made[-1]

    yield open_it
    for database in made:
        database.close()


@pytest.fixture
def admin(empty_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def guarded(server) -> str:
    """The address, password included, of a role that the server lets in by password only."""
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute(f"create role canary login password '{SECRET}'")
        rules = server.data / "pg_hba.conf"
        rules.write_text(f"local all canary scram-sha-256\n{rules.read_text()}")
        admin.execute("select pg_reload_conf()")
    return f"{server.conninfo()} user=canary password={SECRET}"


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder outside pytest's own, which every other run of pytest closes to root's server user again."""
    folder = Path(tempfile.mkdtemp(prefix="shotkit-home-", dir=scratch()))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A home for the embedded server, which is stopped at the end whatever happened."""
    yield tmp_path / "home"
    if (tmp_path / "home").is_dir():
        embedded.stop(tmp_path / "home")


@pytest.fixture
def made(place: Path) -> Path:
    """A home whose data folder was made and never started."""
    embedded._cluster(place).create("--no-sync")
    with (place / "postgres/postgresql.conf").open("a") as settings:
        settings.write("fsync = off\n")  # its slowness is not under test here
    return place


@pytest.fixture
def authenticated(admin: psycopg.Connection) -> Iterator[None]:
    """The role of Supabase's users, for the length of a test."""
    exists = admin.execute("select from pg_roles where rolname = 'authenticated'").fetchall()
    if not exists:
        admin.execute("create role authenticated")
    yield
    if not exists:
        admin.execute("drop role authenticated")
