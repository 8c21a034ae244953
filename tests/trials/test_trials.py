"""Small versions of the trials, on a server of their own: they kill it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from shotkit.engine import Database
from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.mutate import Exchange, Move, apply
from tests.trials import runs
from tests.trials.ground import Ground, server
from tests.trials.proof import DisprovedError, prove
from tests.trials.writers import Acknowledged, Unknown

SIZES = {
    "at_once": {"writers": 3, "edits": 30},
    "backends_killed": {"writers": 2, "kills": 2},
    "clients_killed": {"kills": 3},
    "variants_at_once": {"writers": 2, "edits": 30},
}


@pytest.fixture(scope="module")
def cluster():
    with server() as running:
        yield running


@pytest.mark.parametrize("name", SIZES)
def test_a_small_trial_disproves_nothing(cluster, name):
    facts = getattr(runs, name)(Ground.on(cluster, name), lambda _: None, **SIZES[name])
    assert facts


def test_a_write_that_nobody_was_told_of_is_a_disproof(cluster):
    ground = Ground.on(cluster, "untold")
    begun = ground.frames()
    prove(ground, begun, [])
    with pytest.raises(DisprovedError, match="the last edit left"):
        prove(ground, begun | {next(iter(begun)): 5}, [])


def test_an_edit_of_unknown_fate_may_stand_between_two_once(cluster):
    ground = Ground.on(cluster, "unknown")
    begun = ground.frames()
    a, b = list(begun)[:2]
    database = Database(ground.conninfo)
    moved, exchanged, moved_on = (
        apply(database, ground.shot, intent) for intent in (Move(a, 77), Exchange(((a, b),)), Move(b, 3))
    )
    database.close()
    told = [
        Acknowledged(each.op_id, intent, each.frames_before, each.frames, each.xid, None)
        for intent, each in ((Move(a, 77), moved), (Move(b, 3), moved_on))
    ]
    prove(ground, begun, told, [Unknown(exchanged.op_id, Exchange(((a, b),)), "lost")])
    for unknown in ([], [Unknown(exchanged.op_id, Move(a, 78), "lost")]):
        with pytest.raises(DisprovedError, match="and the one before left"):
            prove(ground, begun, told, unknown)


def test_a_trial_that_is_ended_leaves_no_server_and_no_folder():
    with TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "tests.trials", "--only", "at_once"]
        with subprocess.Popen(
            run, env={**os.environ, "TMPDIR": folder}, stderr=subprocess.PIPE, text=True
        ) as trial:
            said = ""
            while "writers done" not in said:
                said += trial.stderr.read(1)
            [data] = Path(folder).glob("shotkit-trial-*/data")
            left = Cluster(data, bundled_binaries())
            assert left.running()
            trial.send_signal(signal.SIGTERM)
            assert trial.wait(60) == 128 + signal.SIGTERM
        assert not list(Path(folder).glob("shotkit-trial-*"))
        assert not left.running()
