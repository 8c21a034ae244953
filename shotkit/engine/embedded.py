"""The embedded server: PostgreSQL in the user's data folder, shared by all processes that use it.

Three locks stand beside the data folder, each released by the system when its holder dies: `postgres.lock`
is held while starting or stopping, `postgres.clients` shared by every client, `postgres.server` held by
whatever runs on the data folder, initdb or the server.
"""

import atexit
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from shotkit.engine.address import Address
from shotkit.engine.cluster import BUNDLED, Cluster, bundled_binaries
from shotkit.engine.faults import first_line
from shotkit.engine.home import home as default_home
from shotkit.engine.locks import locked, share, try_lock
from shotkit.errors import EmbeddedServerError

__all__ = ["DATABASE", "start", "stop"]

DATABASE = "shotkit"
PATIENCE = 60.0  # seconds for a server that starts, stops or recovers
_PAUSE = 0.05
_PASSING = re.compile("the database system is|server closed the connection|Connection refused|No such file")
_SETTINGS = {
    "max_connections": "200",  # several notebooks, each with a pool
    "jit": "off",  # costs more than it gains at these sizes
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "log",  # the log is for the server's troubles, not for every refused statement
}
_clients: dict[Path, int] = {}  # home -> descriptor of the shared lock; a forked child holds it along with us


def start(home: Path | None = None) -> Address:
    """Start the server below `home`, or join it where it runs; the last client to leave stops it."""
    home = home or default_home()
    cluster = _cluster(home)
    with _explained(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(home / "postgres.lock"):
            _join(home)
            _make_database(cluster)
    return Address(cluster.conninfo(DATABASE), "embedded", embedded=True)


def stop(home: Path | None = None) -> bool:
    """Stop the server below `home`, ending everybody's sessions; return whether it was running."""
    home = home or default_home()
    if not home.is_dir():
        return False
    with _explained(home), locked(home / "postgres.lock"):
        cluster = _cluster(home)
        if (mark := _vacant(cluster)) is not None:
            os.close(mark)
            return False
        cluster.stop()
    return True


def _cluster(home: Path) -> Cluster:
    return Cluster(home / "postgres", bundled_binaries())


def _make_database(cluster: Cluster) -> None:
    with _session(cluster) as admin:
        if not admin.execute("select from pg_database where datname = %s", (DATABASE,)).fetchall():
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _session(cluster: Cluster) -> "psycopg.Connection[tuple[object, ...]]":
    """Connect to the server, which is started where none runs and waited for where it recovers or dies."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if (mark := _vacant(cluster)) is not None:
            _launch(cluster, mark)
        try:
            return psycopg.connect(cluster.conninfo(), autocommit=True)
        except psycopg.OperationalError as error:
            if not _PASSING.search(str(error)) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def _launch(cluster: Cluster, mark: int) -> None:
    keep = (mark,)
    try:
        if _absent(cluster.data):
            cluster.create(keep=keep)
        _check(cluster.data)
        with _dead_pids_aside(cluster):
            cluster.start(keep=keep, **_SETTINGS)
    finally:
        os.close(mark)


def _absent(data: Path) -> bool:
    return not data.exists() or (data.is_dir() and not any(data.iterdir()))


def _check(data: Path) -> None:
    version = data / "PG_VERSION"
    if not version.is_file() or not (data / "global/pg_control").is_file():
        raise EmbeddedServerError(
            f"{data} holds no whole PostgreSQL data folder; move it away, or set SHOTKIT_HOME to another."
        )
    if (found := version.read_text().strip()) != str(BUNDLED):
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {found}, shotkit brings {BUNDLED}; dump it with the pg_dump of "
            f"{found} and move it away, or set SHOTKIT_HOME to another folder."
        )


def _vacant(cluster: Cluster) -> int | None:
    """Return the server's lock, or None where a server answers; one that starts or dies is waited for."""
    deadline = time.monotonic() + PATIENCE
    while not cluster.running():
        if (mark := try_lock(cluster.data.with_name("postgres.server"))) is not None:
            return mark
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"Processes of a PostgreSQL on {cluster.data} live but do not answer; end them and try again."
            )
        time.sleep(_PAUSE)
    return None


@contextmanager
def _dead_pids_aside(cluster: Cluster) -> Iterator[None]:
    """Hide a dead server's pid files: PostgreSQL believes them, though the number may be another's by now.

    They come back where the start fails: a server started by other means may be theirs, and PostgreSQL
    itself, which looks at the shared memory too, then refuses a second one.
    """
    aside = [(file, file.with_name(f"{file.name}.old")) for file in cluster.pid_files if file.exists()]
    for file, hidden in aside:
        file.rename(hidden)
    try:
        yield
    except BaseException:
        for file, hidden in aside:
            hidden.rename(file)
        raise
    for _, hidden in aside:
        hidden.unlink()


def _join(home: Path) -> None:
    if home not in _clients:
        _clients[home] = share(home / "postgres.clients")
        atexit.register(_leave, home)


def _leave(home: Path) -> None:
    joined = _clients.pop(home)
    if not home.is_dir():  # taken away whole; its server ends by itself
        os.close(joined)
        return
    with _explained(home), locked(home / "postgres.lock"):
        os.close(joined)
        if (last := try_lock(home / "postgres.clients")) is not None:
            if _cluster(home).running():
                _cluster(home).stop()
            os.close(last)


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    way_out = "Free the disk or its rights, or set SHOTKIT_HOME to another folder."
    try:
        yield
    except OSError as error:
        found = f"{error.filename or home}: {error.strerror or error}"
        raise EmbeddedServerError(f"The embedded PostgreSQL cannot use {found}. {way_out}") from error
    except psycopg.Error as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL refused: {first_line(error)}. {way_out}"
        ) from error
