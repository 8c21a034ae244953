"""The command line as users type it: what it prints, where, and with which exit code."""

import json
import re
from io import StringIO

import pandas as pd
import pytest

SHOT = "Valley, dawn to night"


def one_line(stderr: str) -> str:
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    return lines[0]


def test_the_demo_proves_the_audit_and_says_how_long_it_took(demo):
    assert demo["seconds"] < 60
    assert [set(step) for step in demo["steps"]] == [{"step", "seconds"}] * len(demo["steps"])
    planted = demo["audit"]["planted"]
    assert planted >= 7
    assert demo["audit"] == {"clean_before": True, "planted": planted, "found": planted, "clean_after": True}


def test_the_demo_runs_again_and_heals_what_an_interrupted_run_left(demo, shotkit_command):
    shotkit_command("inject", "all")
    done = shotkit_command("demo", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["audit"] == demo["audit"]
    assert done.stderr == ""


def test_what_the_demo_cannot_mend_it_names_and_fresh_begins_it_anew(demo, shotkit_command):
    shotkit_command("inject", "0024")
    left = shotkit_command("demo", "--json")
    assert left.returncode == 1
    assert one_line(left.stderr).startswith("Left: 1 of 0024_child_orders_not_shared. `shotkit audit` shows")
    assert "`shotkit demo --fresh`" in left.stderr
    fresh = shotkit_command("demo", "--fresh", "--json")
    assert (fresh.returncode, fresh.stderr) == (0, "")
    assert json.loads(fresh.stdout)["audit"] == demo["audit"]


def test_shots_are_listed_as_a_table_json_json_lines_and_csv(demo, shotkit_command):
    assert SHOT in shotkit_command("shots").stdout
    from_json = pd.DataFrame(json.loads(shotkit_command("shots", "--format", "json").stdout))
    from_csv = pd.read_csv(StringIO(shotkit_command("shots", "--format", "csv").stdout))
    assert list(from_json.columns) == list(from_csv.columns)
    lines = shotkit_command("shots", "--format", "jsonl").stdout.splitlines()
    assert list(map(json.loads, lines)) == json.loads(shotkit_command("shots", "--format", "json").stdout)
    assert shotkit_command("show", SHOT, "--format", "jsonl").stdout.count('"generation_id"') > 1
    assert SHOT in set(from_json["name"]) & set(from_csv["name"])


def test_parquet_goes_to_a_file_and_never_to_the_terminal(demo, shotkit_command, tmp_path):
    refused = shotkit_command("show", SHOT, "--format", "parquet")
    assert refused.returncode == 2
    assert "--output" in one_line(refused.stderr)
    file = tmp_path / "shot.parquet"
    assert shotkit_command("show", SHOT, "--format", "parquet", "--output", str(file)).returncode == 0
    frames = pd.read_parquet(file)["timeline_frame"]
    assert str(frames.dtype) == "int64[pyarrow]"
    assert frames.dropna().is_monotonic_increasing


@pytest.mark.parametrize("phase", ["1", "2", "merged"])
def test_a_shot_is_shown_in_each_phase(demo, shotkit_command, phase):
    rows = json.loads(shotkit_command("show", SHOT, "--phase", phase, "--format", "json").stdout)
    assert len(rows) >= 13
    assert ("id" in rows[0]) == (phase != "1")


def test_found_drift_is_exit_1_and_mended_drift_is_exit_0(demo, shotkit_command):
    assert shotkit_command("audit").returncode == 0
    assert shotkit_command("inject", "extra", "--count", "2").returncode == 0
    found = shotkit_command("audit", "--format", "json", "--only", "0001")
    assert found.returncode == 1
    assert [finding["verdict"] for finding in json.loads(found.stdout)["findings"]] == ["extra", "extra"]
    assert shotkit_command("repair").returncode == 0
    assert shotkit_command("audit").returncode == 1, "a dry run writes nothing"
    assert shotkit_command("repair", "--apply").returncode == 0
    assert shotkit_command("audit").returncode == 0


WRONG = {
    "unknown shot": (["show", "no such shot"], 2, "no such shot"),
    "a near miss": (["show", "Valley, dawn to nite"], 2, SHOT),
    "unknown name": (["show", "nope"], 2, "list them with `shotkit shots`."),
    "unknown project": (["shots", "--project", "nope"], 2, "list them with `shotkit shots`."),
    "no such folder": (["audit", "--against", "friady"], 2, "'friady', is no folder that there is"),
    "unknown id": (["show", "00000000-0000-0000-0000-000000000000"], 2, "00000000-0000"),
    "malformed URL": (["shots", "--url", "postgresql://u:s3cr3t-canary@host:port/db"], 2, "port"),
    "wrong scheme": (["shots", "--url", "mysql://u:s3cr3t-canary@host/db"], 2, "mysql"),
    "nobody there": (["shots", "--url", "postgresql://u:s3cr3t-canary@127.0.0.1:1/db"], 3, "127.0.0.1"),
    "unknown audit": (["audit", "--only", "9999"], 2, "0001_shot_data_matches_links"),
    "unknown class": (["inject", "mischief"], 2, "missing"),
    "no user": (["shots", "--user-id", "not-a-uuid"], 2, "not-a-uuid"),
    "nowhere to write": (
        ["shots", "--format", "csv", "--output", "/no/such/folder/x.csv"],
        2,
        "/no/such/folder",
    ),
}


@pytest.mark.parametrize(("arguments", "exit_code", "names"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_in_one_line_with_its_exit_code(
    demo, shotkit_command, arguments, exit_code, names
):
    done = shotkit_command(*arguments)
    assert done.returncode == exit_code, done.stderr
    assert names in one_line(done.stderr)
    assert "s3cr3t-canary" not in done.stdout + done.stderr
    assert done.stdout == ""


def test_wrong_usage_is_exit_2_and_never_1(shotkit_command):
    for arguments in (
        ["nonsense"],
        ["audit", "--format", "pdf"],
        ["show"],
        ["inject", "missing", "--count", "0"],
    ):
        assert shotkit_command(*arguments).returncode == 2


def test_traceback_shows_where_an_error_came_from_and_no_secret(shotkit_command):
    url = "postgresql://u:s3cr3t-canary@127.0.0.1:1/db"
    done = shotkit_command("shots", "--url", url, "--traceback")
    assert done.returncode == 3
    assert "Traceback" in done.stderr
    assert "s3cr3t-canary" not in done.stderr


def test_a_closed_pipe_is_no_finding(demo, shotkit_command):
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-m", "shotkit", "shots"],
        env=shotkit_command.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as listing:
        listing.stdout.close()
        stderr = listing.stderr.read()
    assert listing.returncode == 3
    assert "Traceback" not in stderr


def test_a_listing_is_as_wide_as_the_terminal(demo, shotkit_command):
    import fcntl
    import os
    import pty
    import struct
    import subprocess
    import sys
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    kept = {name: value for name, value in shotkit_command.environment.items() if name != "COLUMNS"}
    with subprocess.Popen([sys.executable, "-m", "shotkit", "shots"], env=kept, stdout=its):
        os.close(its)
        shown = b""
        while b"not shown" not in shown:
            shown += os.read(ours, 1 << 16)
    os.close(ours)
    listed = [line for line in shown.decode().splitlines() if "not shown" not in line]
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in listed) <= 80
    assert re.search(rf"[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}} +{SHOT} ", shown.decode())


def shell(shotkit_command, line: str):
    import subprocess
    import sys

    command = ["sh", "-c", f'exec "$0" -m shotkit {line}', sys.executable]
    return subprocess.run(
        command, env=shotkit_command.environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_full_disk_is_told_and_a_closed_output_is_written_to_in_silence(demo, shotkit_command):
    for command in ("shots", "audit --only 0001 --format json", "--help"):
        full = shell(shotkit_command, f"{command} > /dev/full")
        assert full.returncode == 3
        assert "could not be written: No space left on device" in one_line(full.stderr)
        assert "not foreseen" not in full.stderr
        closed = shell(shotkit_command, f"{command} >&-")
        assert (closed.returncode, closed.stderr) == (0, "")
    assert shell(shotkit_command, "shots > /dev/full 2> /dev/full").returncode == 3
    assert shell(shotkit_command, "audit --only 0001 2>&-").returncode == 0


def test_hostile_names_reach_the_terminal_as_text(demo, shotkit_command):
    from shotkit.plain import clean

    assert clean("a\x1b[31mb\nc\u202ed") == "a\\u001b[31mb\\u000ac\\u202ed"
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", shotkit_command("shots").stdout)


def test_the_server_is_stopped_on_demand_and_starts_again(demo, shotkit_command):
    shotkit_command("shots")
    stopped = shotkit_command("db", "stop")
    assert stopped.returncode == 0
    assert shotkit_command("db", "stop").returncode == 0, "stopping what is stopped is no error"
    assert shotkit_command("db", "status").returncode == 0
