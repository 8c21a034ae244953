"""The embedded server gets over what went wrong, or explains it."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from shotkit.engine import embedded
from shotkit.errors import EmbeddedServerError
from tests.engine.clients import client, postmaster, refusal, running


def test_processes_that_outlive_a_killed_server_are_waited_for(made, monkeypatch):
    address = embedded.start(made).conninfo
    with psycopg.connect(address) as session:
        os.kill(session.info.backend_pid, signal.SIGSTOP)
        os.kill(postmaster(made), signal.SIGKILL)
        monkeypatch.setattr("shotkit.engine.embedded.PATIENCE", 0.1)
        try:
            with pytest.raises(EmbeddedServerError, match="live but do not answer"):
                embedded.start(made)
        finally:
            os.kill(session.info.backend_pid, signal.SIGCONT)
        monkeypatch.undo()
        embedded.start(made)
    assert running(made)


def test_a_server_that_recovers_is_waited_for(made, monkeypatch):
    connect, recovering = psycopg.connect, ["FATAL:  the database system is in recovery mode"]

    def connect_later(*arguments, **options):
        if recovering:
            raise psycopg.OperationalError(recovering.pop())
        return connect(*arguments, **options)

    monkeypatch.setattr("shotkit.engine.embedded.psycopg.connect", connect_later)
    assert embedded.start(made).embedded
    assert not recovering


def test_a_stale_pid_file_of_nobody_or_of_another_process_is_got_over(made):
    stale = made / "postgres/postmaster.pid"
    for number in (os.getpid(), 1, 4_000_000):
        stale.write_text(f"{number}\n{made / 'postgres'}\n1\n5432\n{made / 'postgres'}\n\n  1 1\nready\n")
        lock = stale.with_name(".s.PGSQL.5432.lock")
        lock.write_text(stale.read_text())
        for file in (stale, lock):
            shutil.chown(file, *embedded_owner(made))
        with client(made) as following:
            assert following.says().startswith("2")
            assert postmaster(made) != number
            following.leave()
    assert not list(made.glob("postgres/*.old"))


def embedded_owner(place):
    found = (place / "postgres").stat()
    return found.st_uid, found.st_gid


def test_a_server_started_by_other_means_elsewhere_is_not_joined_by_a_second(made, tmp_path):
    cluster = embedded._cluster(made)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.chown(elsewhere, *embedded_owner(made))
    cluster.start(unix_socket_directories=str(elsewhere))
    number = postmaster(made)
    try:
        assert "pre-existing shared memory" in refusal(made)
        assert postmaster(made) == number
        with psycopg.connect(f"host={elsewhere} user=postgres dbname=postgres") as alive:
            assert alive.execute("select 1").fetchone() == (1,)
    finally:
        cluster.stop()


def test_a_client_killed_while_it_made_the_data_folder_leaves_nothing_in_the_way(place):
    with client(place) as killed:
        while not list(place.glob("postgres.making-*/base")):
            assert killed.poll() is None
        killed.kill()
        killed.wait()
    assert not (place / "postgres").exists()
    with client(place) as following:
        assert following.says().startswith("2")
        following.leave()
    assert sorted(file.name for file in place.iterdir()) == [
        "postgres", "postgres.clients", "postgres.lock", "postgres.server",
    ]  # fmt: skip


def test_a_client_killed_while_it_started_the_server_is_waited_for(made):
    with client(made) as killed:
        while not (made / "postgres/postmaster.pid").exists():
            assert killed.poll() is None
        killed.kill()
        killed.wait()
    with client(made) as following:
        assert following.says().startswith("2")
        following.leave()
    assert not running(made)


def test_an_empty_data_folder_is_filled(place):
    (place / "postgres").mkdir(parents=True)
    with client(place) as only:
        assert only.says().startswith("2")
        only.leave()


@pytest.mark.parametrize("lost", ["PG_VERSION", "global/pg_control"])
def test_a_folder_that_is_no_whole_data_folder_is_explained_and_kept(made, lost):
    (made / "postgres" / lost).unlink()
    before = sorted((made / "postgres").rglob("*"))
    assert "holds no whole PostgreSQL data folder; move it away" in refusal(made)
    assert sorted((made / "postgres").rglob("*")) == before


def test_a_data_folder_of_another_version_is_explained(made):
    (made / "postgres/PG_VERSION").write_text("16\n")
    assert "made by PostgreSQL 16, shotkit brings 18" in refusal(made)


def test_a_server_that_will_not_start_is_explained_by_its_log(made):
    with (made / "postgres/postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")
    told = refusal(made)
    assert 'postgresql.conf" contains errors' in told
    assert f"see {made / 'postgres/log'}" in told


def test_a_home_that_cannot_be_used_is_explained(tmp_path):
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file", tmp_path / "file/below", Path("/proc/none")):
        assert "set SHOTKIT_HOME to another folder" in refusal(wrong)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("size", ["16k", "20m"])
def test_a_full_disk_is_explained_and_nothing_half_made_is_left(place, size):
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        told = refusal(place)
        assert "No space left on device" in told
        assert "room" in told
        assert not list(place.glob("postgres*/"))
    finally:
        subprocess.run(["umount", str(place)], check=True)
