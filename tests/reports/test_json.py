"""JSON by the published schema, and JSON lines."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from shotkit.audit import Baseline
from tests.reports.made import DRIFT, LEVELS, drift, finding, hostile, report

SCHEMA = json.loads(files("shotkit.audit.formats").joinpath("report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(autouse=True)
def _schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_it_is_as_the_published_schema_says():
    some = report(drift("[0]", "[1]"), finding(), ran=tuple(LEVELS), skipped=("0051_credits_are_the_sum",))
    known = Baseline.of(report(finding()))
    for each in (report(), some, some.since(known), hostile()):
        VALIDATOR.validate(json.loads(each.to_json()))


@pytest.mark.parametrize("broken", ["engine", "coverage", "baseline", "causes", "audits", "findings"])
def test_the_schema_refuses_a_report_that_lacks_something(broken):
    written = json.loads(report(finding()).to_json())
    del written[broken]
    assert not VALIDATOR.is_valid(written)


def test_it_tells_likely_causes():
    written = json.loads(report(drift(None, "[5]", "missing")).to_json())
    assert [(row["generation_id"], row["cause"]) for row in written["causes"]] == [("g", "lost insert")]


def test_lines_say_what_was_covered_first_and_then_the_same_as_the_json():
    some = report(drift("[0]", "[1]"), finding(), skipped=("0051_credits_are_the_sum",))
    head, *lines = [json.loads(line) for line in some.to_jsonl().splitlines()]
    whole = json.loads(some.to_json())
    assert (head["kind"], head["coverage"]) == ("report", whole["coverage"])
    for kind, name in (("audit", "audits"), ("cause", "causes"), ("finding", "findings")):
        assert [line for line in lines if line["kind"] == kind] == [
            {"kind": kind} | row for row in whole[name]
        ]
    assert {line["kind"] for line in lines} == {"audit", "cause", "finding"}
    assert len(lines) == sum(len(whole[name]) for name in ("audits", "causes", "findings"))


def test_it_is_the_same_on_every_run():
    rows = [drift("[0]", "[1]"), finding()]
    assert report(*rows).to_json() == report(*rows).to_json()
    assert json.loads(report(*rows).to_json())["audits"][0]["audit"] == DRIFT
