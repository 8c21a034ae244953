"""`shotkit audit` on the command line: each form, files, baselines, exit codes."""

import json
import os
import re
from xml.etree import ElementTree as ET

import pytest

from shotkit.cli.files import whole_file
from shotkit.cli.reports import FORMS, Wanted, hand_out
from shotkit.errors import ConfigurationError
from tests.reports.made import GAPS, drift, finding, hostile, report
from tests.test_cli import one_line

OPENS = {
    "table": " audit ", "json": "{", "jsonl": '{"kind": "report"', "junit": "<?xml", "sarif": "{",
    "github": "shotkit audit: Examined", "html": "<!DOCTYPE html>",
}  # fmt: skip


def audit(made, form="table", output=None, fail_on="error", **baselines):
    """What `shotkit audit` does with a report, and its exit code."""
    files = {"baseline": None, "write_baseline": None} | baselines
    return hand_out(lambda: made, Wanted(form, output and str(output), fail_on, **files))


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_printed_or_written_and_says_what_was_covered(capsys, tmp_path, form):
    made = report(drift(None, "[1]", "missing"), skipped=("0051_credits_are_the_sum",))
    assert audit(made, form) == 1
    printed = capsys.readouterr()
    assert printed.out.lstrip("\n").startswith(OPENS[form])
    assert re.search(r"1,?234 generations|.generations.: 1234", printed.out)
    assert "users.credits" in printed.out
    assert printed.err == ""
    assert audit(made, form, tmp_path / "report") == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("<Report: 1,234 generations")
    assert (tmp_path / "report").read_text("utf-8") == printed.out
    assert [each.name for each in tmp_path.iterdir()] == ["report"]


def test_a_clean_report_says_so_in_each_form(capsys):
    for form in FORMS:
        assert audit(report(), form) == 0
        assert re.search(r"1,?234 generations|.generations.: 1234", capsys.readouterr().out)


def test_what_was_not_covered_is_exit_code_4_unless_something_was_found():
    assert audit(report(skipped=("0051_credits_are_the_sum",)), "json") == 4
    assert audit(report(finding(), skipped=("0051_credits_are_the_sum",)), "json") == 1


def test_the_table_tells_likely_causes(capsys):
    audit(report(drift(None, "[1]", "missing")))
    assert "likely causes:\n  lost insert (1, such as g): Frames of links" in capsys.readouterr().out


def test_hostile_texts_reach_the_terminal_as_text(capsys):
    for form in ("table", "json", "jsonl", "junit", "sarif", "github"):
        audit(hostile(), form)
        assert all(line.isprintable() for line in capsys.readouterr().out.split("\n")), form


def test_only_new_findings_count_against_a_baseline(tmp_path, capsys):
    known, old, new = str(tmp_path / "known.json"), finding(key="old"), finding(key="new")
    assert audit(report(old), write_baseline=known) == 1, "they are known from the next run on"
    assert audit(report(old), baseline=known) == 0
    assert audit(report(old, new), baseline=known) == 1
    assert audit(report(old, new), baseline=known, write_baseline=known) == 1
    assert audit(report(old, new), baseline=known) == 0
    capsys.readouterr()
    assert audit(report(ran=("0013_generation_shows_primary",)), baseline=known) == 0
    assert "baseline: 0 known, 2 gone" in capsys.readouterr().out


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 0), ("info", 1)])
def test_a_level_that_does_not_count_is_no_failure_anywhere(capsys, fail_on, code):
    assert audit(report(finding(GAPS)), "junit", fail_on=fail_on) == code
    assert ET.fromstring(capsys.readouterr().out).get("failures") == str(code)  # noqa: S314  our own


def test_the_summary_of_a_step_is_added_to_what_is_there(tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    for form in ("github", "json"):
        audit(report(finding()), form)
    assert summary.read_text("utf-8").startswith("# Before\n## shotkit audit\n\nExamined 1,234 generations")
    assert summary.read_text("utf-8").count("## shotkit audit") == 1
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(ConfigurationError, match="GITHUB_STEP_SUMMARY"):
        audit(report(), "github")


def test_the_command_writes_a_page_and_a_baseline(demo, shotkit_command, tmp_path):
    page, known = tmp_path / "report.html", tmp_path / "known.json"
    done = shotkit_command("audit", "--format", "html", "--output", str(page), "--write-baseline", str(known))
    assert done.returncode == 0, done.stderr
    assert "Examined 60 generations" in page.read_text("utf-8")
    again = shotkit_command("audit", "--baseline", str(known), "--format", "jsonl")
    assert json.loads(again.stdout.splitlines()[0])["baseline"] == {"known": 0, "gone": []}


WRONG = {
    "a missing folder": (["--output", "/no/such/folder/x.json"], "/no/such/folder"),
    "a missing folder for the baseline": (["--write-baseline", "/no/such/folder/x.json"], "/no/such/folder"),
    "no baseline": (["--baseline", "/no/such/baseline"], "/no/such/baseline"),
    "another file as a baseline": (["--baseline", __file__], "is no baseline"),
}


@pytest.mark.parametrize(("options", "names"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_told_before_anything_is_audited(shotkit_command, options, names):
    # Nobody is at that address, so the audit would fail otherwise.
    done = shotkit_command("audit", "--url", "postgresql://127.0.0.1:1/db", *options)
    assert done.returncode == 2
    assert names in one_line(done.stderr)


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path):
    file = tmp_path / "report"
    file.write_text("before", "utf-8")
    file.chmod(0o640)
    with pytest.raises(RuntimeError), whole_file(str(file)) as part:  # noqa: PT012  it fails half-way
        part.write_text("half", "utf-8")
        assert file.read_text("utf-8") == "before"
        raise RuntimeError
    assert file.read_text("utf-8") == "before"
    with whole_file(str(file)) as part:
        part.write_text("after", "utf-8")
    assert file.read_text("utf-8") == "after"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with whole_file(str(tmp_path / "link")) as part:
        part.write_text("x", "utf-8")
    assert (tmp_path / "file").read_text("utf-8") == "x"
    assert (tmp_path / "link").is_symlink()
    with whole_file(os.devnull) as part:
        part.write_text("x", "utf-8")
    assert not os.path.isfile(os.devnull)  # noqa: PTH113


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "folder").mkdir()
    with (
        pytest.raises(ConfigurationError, match="Cannot write"),
        whole_file(str(tmp_path / "folder")) as part,
    ):
        part.write_text("x", "utf-8")
