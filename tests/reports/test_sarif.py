"""SARIF 2.1.0 by the official schema, as code scanning takes it."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from shotkit.audit import Baseline
from shotkit.audit.catalog import catalog
from shotkit.audit.formats import sarif
from tests.reports.made import DRIFT, GAPS, NAMES, drift, finding, hostile, report

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text("utf-8"))
DOCS = Path(__file__).parents[2] / "docs" / "audits"
CREDITS = "0051_credits_are_the_sum"


def read(made):
    written = json.loads(made.to_sarif())
    Draft4Validator(SCHEMA).validate(written)
    return written["runs"][0]


def test_it_is_as_the_official_schema_says():
    for each in (report(), report(finding(), skipped=(CREDITS,)), hostile()):
        assert read(each)["tool"]["driver"]["name"] == "shotkit"


def test_the_official_schema_refuses_what_is_none():
    written = json.loads(report(finding()).to_sarif())
    written["runs"][0]["results"][0]["level"] = "info"
    assert not Draft4Validator(SCHEMA).is_valid(written)


def test_a_rule_an_audit_with_the_page_that_explains_it():
    rules = read(report(ran=tuple(audit.name for audit in catalog())))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [audit.name for audit in catalog()]
    for rule in rules:
        (page,) = re.findall(r"docs/audits/(\w+\.md)", rule["help"]["text"])
        assert (DOCS / page).exists()


def test_a_result_a_finding_of_its_rule_and_level():
    run = read(report(drift("[0]", "[1]"), finding(GAPS, "gap"), finding(), ran=(CREDITS,)))
    rules = run["tool"]["driver"]["rules"]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        (DRIFT, "error"), (GAPS, "note"), (NAMES, "error"),
    ]  # fmt: skip
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert "Stored: [0]. Expected: [1]." in run["results"][0]["message"]["text"]


def test_a_fingerprint_is_of_what_makes_the_finding_the_same_and_of_nothing_else():
    def fingerprint(row):
        return read(report(row))["results"][0]["partialFingerprints"]["primaryLocationLineHash"]

    same = {fingerprint(finding()), fingerprint(finding(stored="x", detail="y"))}
    others = {
        fingerprint(finding(key="h/name")),
        fingerprint(finding(verdict="gone")),
        fingerprint(finding(GAPS)),
    }
    assert len(same) == 1
    assert len(same | others) == 4


def test_what_was_covered_and_what_was_skipped_is_notified():
    run = read(report(skipped=(CREDITS,)))
    said, skipped = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("Examined 1,234 generations")
    assert skipped["associatedRule"]["id"] == CREDITS
    assert "users.credits" in skipped["message"]["text"]
    assert run["properties"]["coverage"]["generations"] == 1_234


def test_against_a_baseline_its_results_are_new():
    known = Baseline.of(report(finding()))
    run = read(report(finding(), finding(key="new")).since(known))
    assert [result["baselineState"] for result in run["results"]] == ["new"]
    assert "1 known" in run["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"]


def test_more_than_a_viewer_takes_is_counted(monkeypatch):
    monkeypatch.setattr(sarif, "MOST", 2)
    run = read(report(*(finding(key=str(number)) for number in range(5))))
    assert len(run["results"]) == 2
    assert "3 more findings" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


@pytest.mark.parametrize("text", ["[press](https://canary.example)", "{0}", "\x1b[2J"])
def test_a_message_holds_no_link_no_placeholder_and_no_escape(text):
    [result] = read(report(finding(stored=text, key=text)))["results"]
    message = result["message"]["text"]
    assert "](" not in message
    assert "\x1b" not in message
    assert not re.search(r"(?<!\{)\{\d", message)
