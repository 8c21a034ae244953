"""A report as JSON, by report.schema.json beside this module, and as JSON lines."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from shotkit import __version__
from shotkit.audit.formats.told import rows

if TYPE_CHECKING:
    from shotkit.audit.report import Report

__all__ = ["to_json", "to_jsonl"]


def to_json(report: "Report") -> str:
    """Return the report as JSON text, in ASCII."""
    return _text(_document(report), indent=1)


def to_jsonl(report: "Report") -> str:
    """Return the report as JSON lines, each with its kind: report, audit, cause or finding."""
    return "\n".join(_text(line) for line in _lines(report))


def _document(report: "Report") -> dict[str, Any]:
    return _head(report) | {
        "audits": [asdict(run) for run in report.audits],
        "causes": rows(report.causes),
        "findings": rows(report.findings),
    }


def _head(report: "Report") -> dict[str, Any]:
    compared = report.compared
    return {
        "schema": 1,
        "shotkit": __version__,
        "engine": report.engine,
        "coverage": report.coverage,
        "baseline": compared
        and {"known": compared.known, "gone": [known._asdict() for known in compared.gone]},
    }


def _lines(report: "Report") -> Iterator[dict[str, Any]]:
    yield {"kind": "report"} | _head(report)
    for run in report.audits:
        yield {"kind": "audit"} | asdict(run)
    for cause in rows(report.causes):
        yield {"kind": "cause"} | cause
    for finding in rows(report.findings):
        yield {"kind": "finding"} | finding


def _text(value: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(value, indent=indent)  # ASCII: a terminal shows it as it is
