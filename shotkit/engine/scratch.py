"""A scratch database: a server of its own in a temporary folder, both gone when it is done with."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.engine.locks import try_lock
from shotkit.engine.postgres import Database

__all__ = ["GUEST", "Scratch", "scratch"]

GUEST = "shotkit_guest"  # whose code is not ours runs as this role, which is no superuser
_PREFIX = "shotkit-scratch-"


class Scratch:
    """A database in a scratch server, to be opened as often as needed; closed with it."""

    def __init__(self, conninfo: str, stack: ExitStack) -> None:
        self._conninfo = conninfo
        self._stack = stack

    def address(self, *, guest: bool = False) -> str:
        """Return its libpq address as superuser, or as GUEST, who owns it and can reach nothing else."""
        return make_conninfo(self._conninfo, user=GUEST) if guest else self._conninfo

    def open(self, *, guest: bool = False) -> Database:
        """Open it once more, with a pool of its own."""
        return self._stack.enter_context(closing(Database(self.address(guest=guest))))


@contextmanager
def scratch(name: str) -> Iterator[Scratch]:
    """Start a server with one empty database, `name`_scratch; stop and remove it at the end."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    ours = try_lock(folder / "run")
    cluster = Cluster(folder / "data", bundled_binaries())
    try:
        cluster.create("--no-sync")
        # What makes a server slow to write safely is of no use here.
        off = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}
        cluster.start(keep=(), max_connections="120", timezone="UTC", **off)
        with ExitStack() as stack:
            yield Scratch(_create(cluster, f"{name}_scratch"), stack)
    finally:
        _remove(folder)
        if ours is not None:
            os.close(ours)


def _create(cluster: Cluster, name: str) -> str:
    with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
        guest, database = sql.Identifier(GUEST), sql.Identifier(name)
        admin.execute(sql.SQL("create role {} login bypassrls").format(guest))
        admin.execute(sql.SQL("create database {} owner {}").format(database, guest))
    return cluster.conninfo(name)


def _remove(folder: Path) -> None:
    cluster = Cluster(folder / "data", bundled_binaries())
    if cluster.running():
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what runs that were killed have left: nobody holds their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # A folder without the lock is just being made.
        if not os.access(folder, os.W_OK) or not (folder / "run").exists():
            continue
        if (abandoned := try_lock(folder / "run")) is not None:
            _remove(folder)
            os.close(abandoned)
