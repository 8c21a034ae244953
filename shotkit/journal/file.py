"""The journal's file: SQLite, for several processes and threads at once, for its owner alone."""

import os
import re
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from shotkit import sql
from shotkit.errors import ConfigurationError, CouldNotCompleteError
from shotkit.plain import reason

__all__ = ["File", "run"]

_PATIENCE = 10.0  # seconds to wait for another process that writes
_OTHERS = 0o077
_PLACE = re.compile(r"%\((\w+)\)s")

_Result = TypeVar("_Result")


class File:
    """A file that is opened, made and brought up to date when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._state: tuple[int, ...] = ()
        self._process = 0

    def write(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do `work` in one transaction, all of it or nothing."""
        with self._lock, self._told("written"):
            return _transaction(self._connection(), work)

    def rows(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of the statement `name` of sql/journal."""
        with self._lock, self._told("read"):
            return run(self._connection(), name, **parameters)

    def close(self) -> None:
        """Close it; the next use opens it again."""
        with self._lock, self._told("closed"):
            self._drop()

    def _drop(self) -> None:
        if self._opened is not None:
            _close(self._opened, self._process)
        self._opened = None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is not None and self._process == os.getpid() and self._state != _state(self.path):
            self._drop()  # another file by now, or written to by whomever: what is wrong with it is told here
        if self._opened is None or self._process != os.getpid():  # SQLite must not be carried over a fork
            self._opened, self._process = _open(self.path), os.getpid()
            self._state = _state(self.path)
            weakref.finalize(self, _close, self._opened, self._process)
        return self._opened

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if type(error) is sqlite3.DatabaseError:  # of damage; each other cause has a class of its own
                with suppress(sqlite3.Error):
                    self._drop()
                raise CouldNotCompleteError(
                    f"The journal {self.path} is damaged and cannot be read: {error}. Nothing was sent to "
                    "the database; move the file away, with its -wal and -shm beside it, and a new one is "
                    "begun. What the old one remembered cannot be undone."
                ) from error
            raise CouldNotCompleteError(
                f"The journal {self.path} cannot be {done}: {reason(error)}. Nothing was sent to the "
                "database; free space, make the folder writable, or set SHOTKIT_HOME to another."
            ) from error


def run(connection: sqlite3.Connection, name: str, **parameters: object) -> list[dict[str, Any]]:
    """Return the rows of the statement `name` of sql/journal."""
    return [dict(row) for row in connection.execute(_text(f"journal/{name}"), parameters)]


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Opened only to make it: closing a file gives up the locks that SQLite has on it in this process.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    if path.stat().st_mode & _OTHERS:
        path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")  # a killed process loses nothing
        _transaction(connection, _bring_up_to_date, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _close(connection: sqlite3.Connection, process: int) -> None:
    """Close what its owner forgot, in the process that opened it."""
    if process == os.getpid():
        connection.close()


def _state(path: Path) -> tuple[int, ...]:
    """Return what tells that a file is another, or was written to past its log."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    [version] = connection.execute("pragma user_version").fetchone()
    migrations = sql.names("journal/migrations")
    if version > len(migrations):
        raise ConfigurationError(
            f"The journal {path} was written by a newer shotkit (version {version}, this one knows "
            f"{len(migrations)}); upgrade shotkit, or set SHOTKIT_HOME to another folder."
        )
    for number, name in enumerate(migrations[version:], version + 1):
        for part in _text(name).split(";"):
            connection.execute(part)
        connection.execute(f"pragma user_version = {number:d}")


def _transaction(connection: sqlite3.Connection, work: Callable[..., _Result], *arguments: object) -> _Result:
    connection.execute("begin immediate")
    try:
        result = work(connection, *arguments)
        connection.execute("commit")
    except BaseException:
        with suppress(sqlite3.Error):  # the error that led here is the one to tell
            connection.execute("rollback")
        raise
    return result


def _text(path: str) -> str:
    return _PLACE.sub(r":\1", sql.statement(path).text)
