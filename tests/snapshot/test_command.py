"""`shotkit snapshot` writes a folder that other commands open, and says what it holds."""

import json

import pytest

from shotkit.engine import Snapshot
from tests.plugins.demo import in_home


@pytest.fixture
def shotkit(tmp_path):
    return in_home(str(tmp_path / "home"))


def test_it_says_what_it_wrote_and_the_folder_is_an_address(shotkit, filled_database, tmp_path):
    folder = str(tmp_path / "s")
    done = shotkit("snapshot", folder, "--url", filled_database)
    assert done.returncode == 0, done.stderr
    assert f"bytes in {folder}, of " in done.stdout
    assert done.stderr == ""
    audited = shotkit("audit", "--url", folder, "--format", "json")
    assert audited.returncode == 0, audited.stderr
    assert json.loads(audited.stdout)["coverage"] == {"generations": 60, "links": 39, "skipped": []}


def test_as_json_nothing_else_is_on_stdout(shotkit, filled_database, tmp_path):
    done = shotkit("snapshot", str(tmp_path / "s"), "--url", filled_database, "--format", "json")
    rows = {row["table"]: row["rows"] for row in json.loads(done.stdout)}
    assert rows == {name: table["rows"] for name, table in Snapshot(tmp_path / "s").tables.items()}


def test_a_folder_in_use_is_wrong_usage(shotkit, filled_database, tmp_path):
    done = shotkit("snapshot", str(tmp_path.parent), "--url", filled_database)
    assert done.returncode == 2
    assert "is not empty; name a folder that is new" in done.stderr
