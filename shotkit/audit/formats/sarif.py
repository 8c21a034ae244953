"""A report as SARIF 2.1.0, as GitHub's code scanning takes it: a rule an audit, a result a finding."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from shotkit import __version__
from shotkit.audit.catalog import Audit, catalog
from shotkit.audit.formats.told import counted, covered, explained, names, rows, sentence, short

if TYPE_CHECKING:
    from shotkit.audit.report import Report

__all__ = ["to_sarif"]

MOST = 25_000  # results of a run: GitHub refuses a file with more
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_VALUES = ("stored", "expected")
_IDS = ("project_id", "shot_id", "generation_id", "variant_id")


def to_sarif(report: "Report") -> str:
    """Return the report as SARIF; beyond MOST results the rest is counted in a notification."""
    audits = [audit for audit in catalog() if audit.name in set(names(report))]
    places = {audit.name: place for place, audit in enumerate(audits)}
    found = rows(report.findings)
    driver = {"name": "shotkit", "version": __version__, "rules": [_rule(audit) for audit in audits]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "shotkit/audit/"},
        "invocations": [_invocation(report, places, max(0, len(found) - MOST))],
        "results": [_result(row, places, report) for row in found[:MOST]],
        "columnKind": "unicodeCodePoints",
        "properties": {"engine": report.engine, "coverage": report.coverage},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(audit: Audit) -> dict[str, Any]:
    return {
        "id": audit.name,
        "name": audit.name.partition("_")[2].title().replace("_", ""),
        "shortDescription": {"text": _message(audit.purpose)},
        "help": {"text": _message(f"{audit.purpose} What it means and what to do: {explained(audit.name)}")},
        "defaultConfiguration": {"level": _LEVELS[audit.level]},
        "properties": {"tags": ["data", "shotkit"]},
    }


def _result(finding: dict[str, Any], places: dict[str, int], report: "Report") -> dict[str, Any]:
    known = sha256(json.dumps([finding["audit"], finding["verdict"], finding["key"]]).encode()).hexdigest()
    told = {name: short(finding[name]) for name in (*_IDS, *_VALUES) if finding[name] is not None}
    result = {
        "ruleId": finding["audit"],
        "ruleIndex": places[finding["audit"]],
        "level": _LEVELS[finding["level"]],
        "message": {"text": _message(sentence(finding))},
        "locations": [_location(finding)],
        # GitHub tells a finding from another by the first name alone.
        "partialFingerprints": {"primaryLocationLineHash": known, "shotkitFinding/v1": known},
        "properties": told,
    }
    return result | ({"baselineState": "new"} if report.compared else {})


def _location(finding: dict[str, Any]) -> dict[str, Any]:
    """Place a finding: no file has it, and a viewer wants one; the audit's own is always there."""
    file = {"uri": f"sql/audits/{finding['audit']}.sql"}
    return {
        "physicalLocation": {"artifactLocation": file, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": short(finding["key"]), "kind": "row"}],
    }


def _invocation(report: "Report", places: dict[str, int], left_out: int) -> dict[str, Any]:
    told = [_notification("note", covered(report))]
    if report.compared:
        told.append(_notification("note", str(report.compared)))
    if left_out:
        told.append(_notification("warning", f"{counted(left_out, 'more finding')} not listed here."))
    for skipped in report.coverage["skipped"]:
        rule = {"id": skipped["audit"], "index": places[skipped["audit"]]}
        told.append(_notification("warning", f"Skipped: {skipped['reason']}.") | {"associatedRule": rule})
    return {"executionSuccessful": True, "toolExecutionNotifications": told}


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _message(text)}}


def _message(text: str) -> str:
    # What SARIF reads as a placeholder, and as a link: a viewer must not offer where a user's text leads.
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
