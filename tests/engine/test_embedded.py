"""The embedded server: started once, shared, stopped by the last to leave."""

import os
import signal

import pytest

from shotkit.engine import embedded, home, open_database
from shotkit.errors import ServerUnreachableError
from tests.engine.clients import CLIENT, Client, client, postmaster, running
from tests.engine.conftest import ONE

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


def test_home_is_shotkit_home_or_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHOTKIT_HOME", "~/mine")
    assert home() == tmp_path / "mine"
    monkeypatch.delenv("SHOTKIT_HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert tmp_path in home().parents
    assert home().name == "shotkit"
