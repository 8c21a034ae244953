"""What the engine's tests share: statements that are not in sql/, and a server that asks for a password."""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.sql import Statement

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
