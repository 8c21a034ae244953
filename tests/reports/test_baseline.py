"""Baselines: only new findings count, the gone ones are told, another file is refused."""

import json

import pytest

from shotkit.audit import Baseline
from shotkit.errors import ConfigurationError
from tests.reports.made import DRIFT, GAPS, NAMES, drift, finding, hostile, report

FOUND = (drift("[0]", "[1]"), finding(key="b"), finding(key="a"))


def written(*rows, **options):
    return Baseline.of(report(*rows, **options)).to_json()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "known.json"
    path.write_text(written(*FOUND), "utf-8")
    return path


def test_what_is_known_does_not_count(file):
    again = report(*FOUND).since(Baseline.read(str(file)))
    assert (len(again.findings), again.ok) == (0, True)
    assert [run.findings for run in again.audits] == [0, 0]
    assert str(again.compared) == "baseline: 3 known, 0 gone"


def test_another_value_of_a_known_finding_is_known_and_another_verdict_key_or_audit_is_new(file):
    rows = (
        drift("[7]", "[8]"), drift("[0]", None, "extra"), finding(key="c"), finding(GAPS, "different", "a"),
    )  # fmt: skip
    again = report(*rows).since(Baseline.read(str(file)))
    assert list(again.findings["verdict"] + " " + again.findings["key"]) == [
        "extra g/a",
        "different c",
        "different a",
    ]
    assert {run.audit: run.findings for run in again.audits} == {DRIFT: 1, GAPS: 1, NAMES: 1}
    assert again.compared.known == 1


def test_what_is_gone_is_told_but_not_of_an_audit_that_did_not_run(file):
    again = report(finding(key="a")).since(Baseline.read(str(file)))
    assert again.compared.gone == ((NAMES, "different", "b"),)
    told = json.loads(again.to_json())["baseline"]
    assert told == {"known": 1, "gone": [{"audit": NAMES, "verdict": "different", "key": "b"}]}
    assert "1 gone" in repr(again)
    for form in (again.to_html(), again.to_github(), again.to_summary(), again.to_junit(), again.to_sarif()):
        assert "1 known, 1 gone" in form


def test_it_is_the_same_text_whatever_the_order_with_a_line_for_each_finding():
    assert written(*FOUND) == written(*reversed(FOUND))
    lines = written(*FOUND).splitlines()
    assert len(lines) == len(FOUND) + 2
    assert written(*FOUND[:2]).splitlines() == [*lines[:2], lines[3].rstrip(","), lines[4]]


def test_a_run_of_some_audits_keeps_what_is_known_of_the_others(file):
    before = Baseline.read(str(file))
    after = Baseline.of(report(finding(key="c")), before)
    assert {tuple(known) for known in after.known} == {(DRIFT, "different", "g/a"), (NAMES, "different", "c")}


def test_hostile_keys_are_known_again_and_written_in_ascii(tmp_path):
    file = tmp_path / "known.json"
    text = Baseline.of(hostile()).to_json()
    file.write_text(text, "utf-8")
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert len(hostile().since(Baseline.read(str(file))).findings) == 0


WRONG = {
    "a report": report(*FOUND).to_json(),
    "no JSON": "findings:\n- a",
    "empty": "",
    "a list": "[]",
    "a later schema": written(*FOUND).replace("schema 1", "schema 2"),
    "no findings": '{"kind": "shotkit audit baseline, schema 1"}',
    "a finding of another kind": written(*FOUND).replace('"verdict"', '"word"'),
    "a finding with more": written(finding()).replace('"key"', '"level": "error", "key"'),
    "a key that is no text": written(finding(key="7")).replace('"7"', "7"),
    "findings that are numbers": '{"kind": "shotkit audit baseline, schema 1", "findings": [1]}',
    "nested without end": "[" * 100_000,
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_another_file_is_refused_with_the_way_out(tmp_path, text):
    file = tmp_path / "other.json"
    file.write_text(text, "utf-8")
    with pytest.raises(
        ConfigurationError, match=r"other\.json is no baseline .* --write-baseline|write-baseline"
    ):
        Baseline.read(str(file))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"none\.json: No such file or directory\. `--write"):
        Baseline.read(str(tmp_path / "none.json"))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"Cannot read .*: it is no text in UTF-8"):
        Baseline.read(str(tmp_path / "binary"))
