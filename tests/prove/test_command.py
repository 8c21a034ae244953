"""`shotkit prove`: what it prints, what it exits with, and that a Ctrl-C leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from shotkit.cli import cli
from shotkit.engine.locks import try_lock
from shotkit.engine.scratch import scratch


def run(*arguments):
    return CliRunner().invoke(cli, ["prove", *arguments])


def test_a_schema_that_holds_exits_with_0(database):
    done = run("--url", database, "--writes", "40")
    assert done.exit_code == 0
    assert "<Proof: the schema holds>" in done.output
    assert "8 writers at once, 40 writes: 0 of 1 generations drifted" in done.output


def test_drift_exits_with_1_and_is_json_too(shared_era, tmp_path):
    file = tmp_path / "proof.json"
    done = run("--url", shared_era("s"), "--writes", "40", "--format", "json", "--output", str(file))
    assert done.exit_code == 1
    data = json.loads(file.read_text())
    assert data["holds"] is False
    drifted = {each["write"] for each in data["writes"] if each["result"] == "drifts"}
    assert "shot_id changed" in drifted


def test_one_writer_is_no_crowd():
    assert run("--writers", "1").exit_code == 2


@pytest.fixture
def scratches():
    """A short folder for scratch servers, and those in it: a socket's path has its limit."""
    folder = Path(tempfile.gettempdir(), f"prove-{os.getpid()}")
    folder.mkdir(mode=0o711)
    yield folder
    folder.rmdir()


def test_ctrl_c_ends_the_scratch_server_and_removes_it(database, scratches):
    command = [sys.executable, "-m", "shotkit", "prove", "--url", database, "--writes", "1000000"]
    environment = os.environ | {"TMPDIR": str(scratches)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
        while not (pids := list(scratches.glob("*/data/postmaster.pid"))):
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert pids
    assert running.returncode == 3
    assert "Cancelled" in said
    assert list(scratches.iterdir()) == []


def test_what_a_killed_run_left_is_swept_by_the_next(scratches, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(scratches))
    left = scratches / "shotkit-scratch-left"
    in_use = scratches / "shotkit-scratch-used"
    for folder in (left, in_use):
        folder.mkdir()
        (folder / "run").touch()
    held = try_lock(in_use / "run")
    with scratch("swept") as server:
        assert server.open(guest=True).is_scratch
        assert not left.exists()
        assert in_use.exists()
    os.close(held)
    (in_use / "run").unlink()
    in_use.rmdir()


def test_a_password_is_no_argument_that_others_could_read(monkeypatch):
    from shotkit.engine import dump

    seen = {}

    def fake(arguments, **options):
        seen.update(arguments=arguments, **options)
        return subprocess.CompletedProcess(arguments, 0, "", "")

    monkeypatch.setattr(subprocess, "run", fake)
    dump.dump_schema("postgresql://ann:hush-hush@localhost/film")
    assert not any("hush" in str(argument) for argument in seen["arguments"])
    assert seen["env"]["PGPASSWORD"] == "hush-hush"
