"""`shotkit repair`: shows, writes, takes back; and says by its exit code where findings are refused."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from shotkit.audit import plan, run
from tests.audit.conftest import drift
from tests.audit.world import G, S

pytestmark = pytest.mark.only_on("own", because="the command is one for all")

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def drifted(world):
    return drift(world)


@pytest.fixture
def repair(database: str) -> Command:
    def ask(*options: object) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "shotkit", "repair", "--url", database, *map(str, options)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return ask


def texts(world) -> dict[str, str]:
    return dict(world.connection.execute("select id::text, shot_data::text from generations").fetchall())


def test_shown_written_and_taken_back(drifted, db, repair, tmp_path):
    before = texts(drifted)
    shown = repair("--format", "json")
    assert shown.returncode == 0
    assert shown.stdout == plan(db, run(db, "0001")).to_json() + "\n"
    assert json.loads(shown.stdout)["certificate"] is None
    assert texts(drifted) == before
    written = repair("--apply", "--undo-file", tmp_path / "undo")
    assert written.returncode == 0
    assert "Written. <Certificate: 4 findings before, 0 after; 3 rows written" in written.stdout
    assert G[0] in written.stdout
    assert run(db, "0001").ok
    assert repair("--apply").stdout == "There is nothing to repair.\n"
    back = repair("--undo", tmp_path / "undo")
    assert back.returncode == 0
    assert texts(drifted) == before
    assert repair("--undo", tmp_path / "undo").stdout == "There is nothing to put back.\n"


def test_the_table_shows_what_would_be_written(drifted, repair):
    shown = repair().stdout
    assert "generation_id" in shown
    assert shown.endswith("3 rows\nNothing was written; --apply writes it.\n")


def test_what_was_found_and_has_no_repair_is_named_with_the_way_to_more(drifted, repair):
    drifted.connection.execute(
        "update shot_generations set timeline_frame = -1 where generation_id = %s", [G[7]]
    )
    line = (
        "Found, without a repair: 0002_frames_not_negative (1); "
        "`shotkit repair --only 0002` says why and what to do.\n"
    )
    assert repair("--apply").stdout.endswith(line)
    again = repair("--format", "json")
    assert (again.returncode, again.stderr) == (0, line)


def test_what_is_refused_is_told_and_is_exit_4(drifted, repair, tmp_path):
    drifted.connection.execute(
        "update shot_generations set timeline_frame = -1 where generation_id = %s", [G[7]]
    )
    asked = repair("--only", "0001,0002", "--format", "json")
    assert asked.returncode == 4
    assert [row["audit"][:4] for row in json.loads(asked.stdout)["refused"]] == ["0002"]
    told = repair("--only", "0002")
    assert told.returncode == 4
    assert told.stdout.startswith("Refused, 1 of 0002_frames_not_negative: no repair: ")
    assert "shot.unplace() the link" in told.stdout
    assert "Written." not in repair("--only", "0002", "--apply").stdout
    assert repair("--only", "0001", "--apply", "--undo-file", tmp_path / "undo").returncode == 0
    drifted.store(G[0], json.dumps({S[0]: [3]}))
    back = repair("--undo", tmp_path / "undo")
    assert back.returncode == 4
    assert "it was changed since the repair" in back.stdout


def test_a_certificate_goes_to_a_file(drifted, repair, tmp_path):
    written = repair("--apply", "--format", "json", "--output", tmp_path / "certificate.json")
    assert (written.returncode, written.stdout) == (0, "")
    said = json.loads((tmp_path / "certificate.json").read_text())
    assert said["certificate"]["batches"][0]["versions"] == {"public.generations": 3}


@pytest.mark.parametrize(
    "options",
    [
        ("--undo-file", "undo"),
        ("--undo", "undo", "--apply"),
        ("--undo", "undo", "--only", "0001"),
        ("--only", "no audit"),
        ("--undo", "no such file"),
    ],
)
def test_wrong_usage_is_exit_2_and_writes_nothing(drifted, repair, options):
    before = texts(drifted)
    assert repair(*options).returncode == 2
    assert texts(drifted) == before
