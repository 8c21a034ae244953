"""`shotkit audit --snapshot` and `--engine`: what they audit, print and refuse, and their exit codes."""

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing

import pytest
from psycopg.conninfo import conninfo_to_dict

from shotkit.audit import run
from shotkit.demo.faults import plant
from shotkit.engine import Database, DuckDatabase, Snapshot
from shotkit.kit import Kit
from shotkit.snapshot import take
from tests.plugins.engines import assert_same

pytestmark = pytest.mark.only_on("own", because="the command is one for all")


@pytest.fixture
def drifted(lend, filled_database, tmp_path):
    """The address of a demo with two faults, and its snapshot."""
    conninfo = lend("drifted", conninfo_to_dict(filled_database)["dbname"])
    with closing(Database(conninfo)) as database:
        plant(database, "extra", 2)
        yield conninfo, take(database, tmp_path / "drifted")


def test_a_snapshot_is_audited_and_the_report_says_by_which_engine_and_over_what(
    shotkit_audit, demo_snapshot, filled_database
):
    code, printed, told = shotkit_audit("--snapshot", demo_snapshot.folder, "--format", "json")
    assert (code, told) == (0, "")
    report = json.loads(printed)
    assert (report["engine"], report["findings"]) == ("duckdb", [])
    with closing(Database(filled_database)) as database:
        assert report["coverage"] == run(database).coverage
    assert len(report["audits"]) == 29


def test_a_clean_audit_starts_without_pandas(filled_database):
    """Loading it takes longer than all audits of a small database."""
    told = (
        "import sys; from shotkit.cli import cli; cli(['audit', '--url', sys.argv[1]], standalone_mode=False)"
    )
    code = f"try:\n {told}\nexcept SystemExit as end:\n print(end.code, 'pandas' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code, filled_database], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-2:] == ["29 audits: clean", "0 False"]


def test_findings_of_a_snapshot_are_exit_1(shotkit_audit, drifted):
    code, printed, _ = shotkit_audit("--snapshot", drifted[1].folder, "--only", "0001")
    assert code == 1
    assert "2 found: 2 extra" in printed


def test_engines_that_agree_say_so_and_leave_no_snapshot_behind(
    shotkit_audit, drifted, monkeypatch, tmp_path
):
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    code, printed, told = shotkit_audit(
        "--url", drifted[0], "--engine", "postgres, duckdb", "--format", "json"
    )
    assert (code, told) == (1, "postgres, duckdb agree: 2 findings.\n")
    assert json.loads(printed)["engine"] == "postgres"
    assert not list(aside.iterdir())


def test_an_engine_of_snapshots_audits_a_database_by_one_taken_for_it(shotkit_audit, drifted):
    code, printed, told = shotkit_audit("--url", drifted[0], "--engine", "duckdb", "--format", "json")
    assert (code, told) == (1, "")
    assert (json.loads(printed)["engine"], len(json.loads(printed)["findings"])) == ("duckdb", 2)


def test_engines_that_disagree_are_exit_3_and_no_report_is_handed_out(
    shotkit_audit, drifted, demo_snapshot, monkeypatch
):
    # Between the two, somebody mended it.
    monkeypatch.setattr("shotkit.snapshot.take", lambda *_: demo_snapshot)
    code, printed, told = shotkit_audit("--url", drifted[0], "--engine", "postgres,duckdb")
    assert (code, printed) == (3, "")
    assert told.startswith(
        "shotkit: postgres and duckdb disagree: 2 findings are of one alone, such as 0001_"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--engine", "postgres"), "leave it out of --engine"),
        (("--engine", "duckdb,oracle"), "'oracle'; there are: postgres, duckdb, spark"),
        (("--engine", ""), "''; there are"),
        (("--url", "service=x"), "leave --url and --user-id out"),
        (("--user-id", "x"), "leave --url and --user-id out"),
        (("--only", "9999"), "0001_shot_data_matches_links"),
    ],
)
def test_what_does_not_fit_a_snapshot_is_wrong_usage(shotkit_audit, demo_snapshot, arguments, said):
    code, printed, told = shotkit_audit("--snapshot", demo_snapshot.folder, *arguments)
    assert (code, printed) == (2, "")
    assert said in told


def test_a_folder_that_is_no_snapshot_is_wrong_usage_and_a_torn_one_is_refused(
    shotkit_audit, demo_snapshot, tmp_path
):
    for folder in (tmp_path, tmp_path / "none"):
        code, _, told = shotkit_audit("--snapshot", folder)
        assert code == 2
        assert f"{folder} is no snapshot" in told
    torn = shutil.copytree(demo_snapshot.folder, tmp_path / "torn")
    next((torn / "generations").rglob("*.parquet")).unlink()
    code, _, told = shotkit_audit("--snapshot", torn)
    assert code == 3
    assert "is missing" in told


def test_without_duckdb_it_is_told_what_to_install(shotkit_audit, demo_snapshot, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    code, _, told = shotkit_audit("--snapshot", demo_snapshot.folder)
    assert (code, told) == (2, "shotkit: DuckDB is not installed: pip install duckdb.\n")


def test_a_kit_over_a_snapshot_audits(drifted):
    with closing(Database(drifted[0])) as database, Kit(DuckDatabase(Snapshot(drifted[1].folder))) as kit:
        report = kit.audit(["0001", "0013"])
        assert len(report.findings) == 2
        assert_same(report, run(database, ["0001", "0013"]))
