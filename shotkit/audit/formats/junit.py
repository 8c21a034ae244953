"""A report as JUnit XML: a testsuite an audit, a failed testcase a finding, a skipped one with its reason."""

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from shotkit.audit.catalog import levels_from
from shotkit.audit.formats.told import covered, grouped, purpose, short
from shotkit.plain import clean

if TYPE_CHECKING:
    from shotkit.audit.report import AuditRun, Report, Skipped

__all__ = ["to_junit"]

_TOLD = ("project_id", "shot_id", "generation_id", "variant_id", "stored", "expected", "detail")


def to_junit(report: "Report", fail_on: str) -> str:
    """Return the report as JUnit XML; findings below `fail_on` are told in testcases that pass."""
    suites = ET.Element("testsuites", name="shotkit audit")
    failing, found = levels_from(fail_on), grouped(report)
    made = [(run.audit, _suite(run, found[run.audit], failing)) for run in report.audits]
    made += [(skipped["audit"], _skipped(skipped)) for skipped in report.coverage["skipped"]]
    for _, suite in sorted(made, key=lambda each: each[0]):
        suite.insert(0, _properties(report, suite.get("name", "")))
        suites.append(suite)
    for total in ("tests", "failures", "errors"):
        suites.set(total, str(sum(int(suite.get(total, 0)) for suite in suites)))
    suites.set("time", _seconds(sum(run.seconds for run in report.audits)))
    ET.indent(suites, " ")
    written: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return written.decode()


def _suite(run: "AuditRun", findings: list[dict[str, Any]], failing: tuple[str, ...]) -> ET.Element:
    failures = len(findings) if run.level in failing else 0
    suite = _empty_suite(run.audit, max(1, len(findings)), failures, 0, run.seconds)
    for finding in findings:
        _case(suite, run, finding, is_failure=bool(failures))
    if not findings:
        said = f"{run.examined} examined, nothing found"
        ET.SubElement(suite, "testcase", name=said, classname=_class(run.audit), time=_seconds(run.seconds))
    return suite


def _skipped(skipped: "Skipped") -> ET.Element:
    suite = _empty_suite(skipped["audit"], 1, 0, 1, 0)
    case = ET.SubElement(suite, "testcase", name="not covered", classname=_class(skipped["audit"]), time="0")
    ET.SubElement(case, "skipped", message=clean(skipped["reason"]))
    return suite


def _case(suite: ET.Element, run: "AuditRun", finding: dict[str, Any], *, is_failure: bool) -> None:
    name = f"{finding['verdict']} {short(finding['key'])}"
    case = ET.SubElement(suite, "testcase", name=name, classname=_class(run.audit), time="0")
    said = short(finding["detail"] or "")
    if is_failure:
        told = ET.SubElement(case, "failure", type=finding["verdict"], message=said)
    else:
        told = ET.SubElement(case, "system-out")
    told.text = "\n".join(f"{name}: {clean(finding[name])}" for name in _TOLD if finding[name] is not None)


def _empty_suite(name: str, tests: int, failures: int, skipped: int, seconds: float) -> ET.Element:
    counts = {"tests": tests, "failures": failures, "errors": 0, "skipped": skipped}
    attributes = {name: str(count) for name, count in counts.items()}
    return ET.Element("testsuite", {"name": name} | attributes | {"time": _seconds(seconds)})


def _properties(report: "Report", audit: str) -> ET.Element:
    """Tell of each suite what was covered: tools show suites one by one."""
    properties = ET.Element("properties")
    told = {"purpose": purpose(audit), "coverage": covered(report), "engine": report.engine}
    if report.compared:
        told["baseline"] = str(report.compared)
    for name, value in told.items():
        ET.SubElement(properties, "property", name=name, value=value)
    return properties


def _class(audit: str) -> str:
    return f"shotkit.audit.{audit}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
