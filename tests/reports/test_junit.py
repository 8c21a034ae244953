"""JUnit XML: a testsuite an audit, failures by level, what was skipped."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from tests.reports.made import DRIFT, GAPS, LEVELS, NAMES, drift, finding, hostile, report

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit.xsd")
CREDITS = "0051_credits_are_the_sum"


def read(text: str) -> ET.Element:
    SCHEMA.validate(text)
    return ET.fromstring(text)  # noqa: S314  written by ourselves a line ago


def test_each_audit_is_a_testsuite_in_its_order():
    suites = read(
        report(finding(), ran=tuple(sorted(set(LEVELS) - {CREDITS})), skipped=(CREDITS,)).to_junit()
    )
    assert [suite.get("name") for suite in suites] == sorted(LEVELS)


def test_a_finding_is_a_failure_that_says_all_of_it():
    suites = read(report(drift("[0]", "[1]", detail="One differs."), finding(), ran=(GAPS,)).to_junit())
    assert (suites.get("tests"), suites.get("failures"), suites.get("time")) == ("3", "2", "0.750")
    failure = suites.find(f"testsuite[@name='{DRIFT}']/testcase/failure")
    assert (failure.get("type"), failure.get("message")) == ("different", "One differs.")
    assert "stored: [0]\nexpected: [1]" in failure.text
    assert suites.find(f"testsuite[@name='{GAPS}']").get("failures") == "0"


@pytest.mark.parametrize(("fail_on", "failures"), [("error", "1"), ("warning", "1"), ("info", "3")])
def test_what_is_below_the_level_that_counts_passes_and_is_told(fail_on, failures):
    found = report(finding(), finding(GAPS, "gap", "a"), finding(GAPS, "gap", "b")).to_junit(fail_on)
    suites = read(found)
    assert suites.get("failures") == failures
    assert [case.get("name") for case in suites.find(f"testsuite[@name='{GAPS}']").iter("testcase")] == [
        "gap a", "gap b",
    ]  # fmt: skip


def test_a_skipped_audit_is_skipped_with_its_reason_and_no_failure():
    suite = read(report(skipped=(CREDITS,)).to_junit()).find(f"testsuite[@name='{CREDITS}']")
    assert (suite.get("skipped"), suite.get("tests"), suite.get("failures")) == ("1", "1", "0")
    assert suite.find("testcase/skipped").get("message") == "the database has no users.credits"


def test_each_suite_says_what_was_covered():
    for suite in read(report(finding(), skipped=(CREDITS,)).to_junit()):
        told = {each.get("name"): each.get("value") for each in suite.iter("property")}
        assert told["coverage"].startswith(
            "Examined 1,234 generations and 2 links on postgres by 1 of 2 audits; 1 "
        )


def test_hostile_texts_leave_it_well_formed_and_its_elements_its_own():
    suites = read(hostile().to_junit())
    known = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "skipped"}
    assert {element.tag for element in suites.iter()} == known
    assert len(suites.findall(f"testsuite[@name='{NAMES}']/testcase")) > 60


def test_the_schema_refuses_what_is_no_junit():
    broken = report(finding()).to_junit().replace("<failure", "<failing").replace("</failure", "</failing")
    assert not SCHEMA.is_valid(broken)
