"""The embedded server: started once, shared, stopped by the last to leave, recovered from what went wrong."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from shotkit.engine import embedded, home, open_database
from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.errors import EmbeddedServerError, ServerUnreachableError
from tests.engine.conftest import ONE

CLIENT = """
import sys
from shotkit.engine import open_database
from shotkit.errors import ShotkitError
from shotkit.sql import Statement
try:
    database = open_database()
except ShotkitError as error:
    sys.exit(f"{type(error).__name__}: {error}")
started = "select to_char(pg_postmaster_start_time(), 'YYYY-MM-DD HH24:MI:SS.US') as at"
print(database.rows(Statement("own", "", {}, frozenset(), started))[0]["at"], flush=True)
sys.stdin.read()
"""


FORK = """
import os
if os.fork() == 0:
    sys.exit()
os.wait()
print("over", flush=True)
sys.stdin.read()
"""


OUTLIVE = """
import os
if os.fork() == 0:
    sys.stdin.read()
    print("child", flush=True)
    sys.exit()
"""


class Client(subprocess.Popen):
    """A process that opens the embedded database, says when its server was started, and waits for its end."""

    def __init__(self, place, code=CLIENT, **environ):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "SHOTKIT"))}
        super().__init__(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean | {"SHOTKIT_HOME": str(place)} | environ,
        )

    def says(self):
        return self.stdout.readline().strip() or self.communicate()[1]

    def leave(self):
        out, err = self.communicate()
        assert (self.returncode, out, err) == (0, "", "")


@pytest.fixture
def tmp_path():
    """A folder outside pytest's own, which every other run of pytest closes to root's server user again."""
    folder = Path(tempfile.mkdtemp(prefix="shotkit-home-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def place(tmp_path):
    """A home for the embedded server, which is stopped at the end whatever happened."""
    yield tmp_path / "home"
    if (tmp_path / "home").is_dir():
        embedded.stop(tmp_path / "home")


@pytest.fixture
def made(place):
    """A home whose data folder was made and never started."""
    embedded._cluster(place).create()
    return place


@contextmanager
def client(place, **environ):
    process = Client(place, **environ)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def running(place):
    return embedded._cluster(place).running()


def postmaster(place):
    return int((place / "postgres/postmaster.pid").read_text().splitlines()[0])


def refusal(place):
    with client(place) as refused:
        told = refused.says()
        assert refused.wait() == 1
    assert told.startswith("EmbeddedServerError: ")
    assert told.count("\n") == 1
    return told


def test_the_first_client_makes_it_and_the_last_to_leave_stops_it(place):
    with client(place) as first, client(place) as second:
        assert first.says() == second.says()
        first.leave()
        assert running(place)
        second.leave()
        assert not running(place)
    with client(place) as third:
        assert third.says()
        third.leave()
    assert not running(place)


def test_several_processes_that_start_at_once_share_one_server(place):
    clients = [Client(place) for _ in range(4)]
    assert len({one.says() for one in clients}) == 1
    for one in clients:
        one.stdin.close()
    for one in clients:
        one.wait()
        for end in (one.stdout, one.stderr):
            end.close()
    assert not running(place)


def test_a_killed_client_leaves_it_running_and_the_next_one_reuses_and_stops_it(made):
    with client(made) as killed:
        started = killed.says()
        killed.kill()
        killed.wait()
        assert running(made)
    with client(made) as following:
        assert following.says() == started
        following.leave()
    assert not running(made)


def test_a_client_killed_while_another_works_does_not_stop_it(made):
    with client(made) as killed, client(made) as working:
        assert killed.says() == working.says()
        killed.kill()
        killed.wait()
        assert running(made)
        working.leave()
    assert not running(made)


def test_a_killed_server_is_started_again(made):
    with client(made) as before:
        started = before.says()
        os.kill(postmaster(made), signal.SIGKILL)
        with client(made) as after:
            assert after.says() > started
            before.leave()
            assert running(made)
            after.leave()
    assert not running(made)


def test_stop_ends_it_under_its_clients_and_tells_whether_it_ran(made, monkeypatch):
    monkeypatch.setenv("SHOTKIT_HOME", str(made))
    with client(made) as working:
        assert working.says()
        assert embedded.stop()
        assert not running(made)
        assert not embedded.stop()
        working.leave()


def test_stop_makes_nothing_where_nothing_is(place):
    assert not embedded.stop(place)
    assert not place.exists()


def test_a_database_whose_server_was_stopped_is_told_and_opened_again(made, monkeypatch):
    monkeypatch.setenv("SHOTKIT_HOME", str(made))
    database = open_database()
    assert database.embedded
    assert database.database_name == "shotkit"
    embedded.stop()
    with pytest.raises(ServerUnreachableError):
        database.rows(ONE)
    again = open_database()
    assert again.rows(ONE)
    assert database.rows(ONE)
    for one in (database, again):
        one.close()


def test_a_forked_child_that_ends_does_not_stop_its_parents_server(made):
    code = CLIENT.replace("sys.stdin.read()", FORK)
    with client(made, code=code) as parent:
        parent.says()
        assert parent.says() == "over"
        assert running(made)
        parent.leave()
    assert not running(made)


def test_a_forked_child_that_outlives_its_parent_keeps_the_server_and_stops_it(made):
    code = CLIENT.replace("sys.stdin.read()", OUTLIVE)
    with client(made, code=code) as parent:
        parent.says()
        parent.wait()
        assert running(made)
        assert parent.communicate() == ("child\n", "")
    assert not running(made)


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


def test_a_path_with_blanks_quotes_and_shell_words_or_a_long_one_works(tmp_path):
    for name in ("a b,'c' \"d\" $(touch x) ;é", "long" * 40):
        place = tmp_path / name
        with client(place) as only:
            assert only.says().startswith("2")
            assert running(place)
            only.leave()
        assert not running(place)
    assert not list(tmp_path.rglob("x"))
    assert not embedded._cluster(place)._socket.parent.exists()


def test_the_environment_of_libpq_does_not_lead_astray(made):
    address = {"PGHOSTADDR": "127.0.0.1", "PGPORT": "1", "PGDATABASE": "no", "PGUSER": "no", "PGDATA": "/no"}
    with client(made, **address, PGCLIENTENCODING="LATIN1") as astray, client(made) as straight:
        assert astray.says() == straight.says()
        with psycopg.connect(embedded._cluster(made).conninfo()) as session:
            assert session.execute("show client_encoding").fetchone() == ("UTF8",)
        for one in (astray, straight):
            one.leave()


def test_nobody_else_can_reach_it(made):
    with client(made) as only:
        only.says()
        assert (made / "postgres").stat().st_mode & 0o077 == 0
        settings = (made / "postgres/postmaster.opts").read_text()
        assert "listen_addresses=" in settings
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", 5432)) != 0
        only.leave()


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path):
    cluster = Cluster(tmp_path / ("long" * 40), bundled_binaries())
    folder = Path(psycopg.conninfo.conninfo_to_dict(cluster.conninfo())["host"])
    folder.mkdir(mode=0o777)
    try:
        cluster.create()
        with pytest.raises(EmbeddedServerError, match="is not private"):
            cluster.start()
    finally:
        folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone hands its folder over")
def test_root_opens_the_way_to_its_home_for_passing_through_only(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with client(closed / "home") as only:
        assert only.says().startswith("2")
        only.leave()
    assert closed.stat().st_mode & 0o777 == 0o701
    assert (closed / "home").stat().st_mode & 0o777 == 0o701


def test_home_is_shotkit_home_or_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHOTKIT_HOME", "~/mine")
    assert home() == tmp_path / "mine"
    monkeypatch.delenv("SHOTKIT_HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert tmp_path in home().parents
    assert home().name == "shotkit"
