"""A snapshot that is broken off leaves nothing, and one never takes the place of something else."""

import errno
import os
import signal
import threading
from contextlib import closing
from importlib import import_module

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    CouldNotCompleteError,
    ServerUnreachableError,
)
from shotkit.snapshot import take

module = import_module("shotkit.snapshot.take")


@pytest.fixture
def opened(database):
    with closing(Database(database)) as opened:
        yield opened


def test_a_folder_that_holds_something_is_left_as_it_is(opened, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="is there already and is not empty"):
        take(opened, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_left_as_it_is(opened, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ConfigurationError, match="is there already"):
        take(opened, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_an_empty_folder_is_taken(opened, tmp_path):
    (tmp_path / "new").mkdir()
    assert take(opened, tmp_path / "new").folder == tmp_path / "new"


def test_what_came_there_meanwhile_is_left_as_it_is(opened, tmp_path, monkeypatch):
    def meanwhile(*given):
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "mine.txt").write_text("mine")
        return export_it(*given)

    export_it = module.export
    monkeypatch.setattr(module, "export", meanwhile)
    with pytest.raises(CouldNotCompleteError, match="could not be written"):
        take(opened, tmp_path / "new")
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "mine.txt"]


def test_a_place_that_cannot_be_written_is_told(opened, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"Cannot write beside .*Name another folder"):
        take(opened, tmp_path / "file" / "new")


def test_a_full_disk_leaves_nothing(opened, tmp_path, monkeypatch):
    def full(*_given, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(CouldNotCompleteError, match=r"No space left on device.*make room"):
        take(opened, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_one_leaves_nothing_and_ends_what_the_server_does(database, tmp_path):
    left: list[str] = []
    with (
        closing(Database(f"{database} options='-c lock_timeout=0'")) as opened,
        psycopg.connect(database) as other,
        psycopg.connect(database, autocommit=True) as watcher,
    ):
        other.execute("lock table generations in access exclusive mode")

        def press_ctrl_c() -> None:
            while not waiting(watcher):
                pass
            os.kill(os.getpid(), signal.SIGINT)
            if not ends(watcher):
                other.close()  # lest the test wait for ever
                left.append("the server still waits for the lock")

        pressing = threading.Thread(target=press_ctrl_c)
        pressing.start()
        with pytest.raises(KeyboardInterrupt):
            take(opened, tmp_path / "new")
        pressing.join()
    assert not left
    assert list(tmp_path.iterdir()) == []


def ends(watcher: psycopg.Connection) -> bool:
    return any(not waiting(watcher) for _ in range(3000))


def waiting(watcher: psycopg.Connection) -> bool:
    found = watcher.execute(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and wait_event_type = 'Lock'"
    ).fetchone()
    return bool(found[0])


def test_a_server_that_goes_away_leaves_nothing(opened, database, tmp_path, monkeypatch):
    def ended(*given):
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        return export_it(*given)

    export_it = module.export
    monkeypatch.setattr(module, "export", ended)
    with pytest.raises(ConnectionLostError):
        take(opened, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path):
    address = "host=/nowhere user=one password=secret-word dbname=none"
    with closing(Database(address)) as opened, pytest.raises(ServerUnreachableError) as caught:
        take(opened, tmp_path / "new")
    assert "secret-word" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
