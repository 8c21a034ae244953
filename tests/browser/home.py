"""A home with the demo for the tests in the browser, and clones of its database."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shotkit.engine import embedded
from tests.plugins.demo import in_home
from tests.plugins.servers import scratch

__all__ = ["clone", "demo_home"]

_NUMBERS = count()
_HASTE = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def demo_home() -> Iterator[Path]:
    """Make a home and fill it with the demo; its server runs, and nobody is connected to it."""
    with tempfile.TemporaryDirectory(prefix="shotkit-home-", dir=scratch()) as folder:
        done = in_home(folder)("demo", "--json")
        assert done.returncode == 0, done.stderr
        server = embedded.start(Path(folder)).conninfo
        with psycopg.connect(server, dbname="postgres", autocommit=True) as admin:
            # What makes a server slow to write safely is not under test here.
            for setting in _HASTE:
                admin.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
            admin.execute("select pg_reload_conf()")
        yield Path(folder)
        embedded.stop(Path(folder))


def clone(home: Path) -> str:
    """Return the address of a new clone of the demo's database."""
    name = f"browser_{next(_NUMBERS)}_scratch"
    server = embedded.start(home).conninfo
    with psycopg.connect(server, dbname="postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template shotkit").format(sql.Identifier(name)))
    return make_conninfo(server, dbname=name)
