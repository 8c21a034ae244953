"""A report as one HTML page: nothing is fetched, no script runs, every text is escaped."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from shotkit import __version__
from shotkit.audit.catalog import LEVELS
from shotkit.audit.formats.markup import cell, rest, table, text, wide
from shotkit.audit.formats.picture import pictures
from shotkit.audit.formats.told import counted, covered, explained, grouped, purpose, rows, short

if TYPE_CHECKING:
    from shotkit.audit.report import AuditRun, Report

__all__ = ["DRAWN", "LISTED", "to_html"]

LISTED = 100  # findings of an audit, and causes
DRAWN = 20  # shots
_CAUSE = {"generation_id": "value", "cause": "said", "because": "said"}
_FINDING = {"verdict": "said", "key": "value", "stored": "value", "expected": "value", "detail": "said"}


def to_html(report: "Report") -> str:
    """Return the page: the result and what was covered, causes, pictures, each audit's findings."""
    found = grouped(report)
    parts = [_top(report), _overview(report), _causes(report), _timelines(rows(report.findings))]
    parts += [_section(run, found[run.audit]) for run in report.audits if run.findings]
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>shotkit audit: {_result(report)}</title>
<style>{_style()}</style>
</head>
<body>
<main>
{"".join(parts)}
</main>
</body>
</html>
"""


def _top(report: "Report") -> str:
    look = "fine" if report.ok else "error"
    skipped = "".join(
        f"<li>{skipped['audit']} was skipped: {text(skipped['reason'], 'said')}</li>"
        for skipped in report.coverage["skipped"]
    )
    return (
        f'<h1>Audit of the shots</h1><p class="result {look}">{_result(report)}</p>'
        f'<section class="coverage" aria-label="Coverage"><p>{covered(report)}</p>'
        f"{f'<ul>{skipped}</ul>' if skipped else ''}{_compared(report)}"
        f'<p class="soft">Made by shotkit {__version__}.</p></section>'
    )


def _result(report: "Report") -> str:
    if not len(report.findings):
        nothing = "Nothing new found" if report.compared else "Nothing found"
        return f"{nothing}, but not all was covered" if report.coverage["skipped"] else nothing
    counts = report.findings["level"].value_counts()
    levels = ", ".join(f"{level} {counts[level]:,}" for level in LEVELS if level in counts)
    return f"{counted(len(report.findings), 'new finding' if report.compared else 'finding')} ({levels})"


def _compared(report: "Report") -> str:
    if not report.compared:
        return ""
    gone = report.compared.gone
    listed = "".join(
        f"<li>gone: {known.audit} {known.verdict} {text(known.key)}</li>" for known in gone[:LISTED]
    )
    told = f"<p>{str(report.compared).capitalize()}.</p>"
    return told + (f"<ul>{listed}</ul>{rest(len(gone) - LISTED, 'more')}" if gone else "")


def _overview(report: "Report") -> str:
    names = [
        ("audit", ""),
        ("level", ""),
        ("examined", "number"),
        ("findings", "number"),
        ("seconds", "number"),
    ]
    return f"<h2>Audits</h2>{wide('Audits that ran', table(names, map(_run, report.audits)))}"


def _run(run: "AuditRun") -> list[str]:
    name = f'<a href="#{run.audit}">{run.audit}</a>' if run.findings else run.audit
    level = cell(run.level, f"level {run.level}" if run.findings else "soft")
    numbers = (f"{run.examined:,}", f"{run.findings:,}", f"{run.seconds:.3f}")
    return [cell(name), level, *(cell(number, "number") for number in numbers)]


def _causes(report: "Report") -> str:
    causes = rows(report.causes)
    if not causes:
        return ""
    body = ([cell(text(row[name], look)) for name, look in _CAUSE.items()] for row in causes[:LISTED])
    shown = table((("generation", ""), ("likely cause", ""), ("because", "")), body, "causes")
    said = "<p>Judged by what shot_data was left as: likely, not proven.</p>"
    left_out = rest(len(causes) - LISTED, "more generation")
    return f"<h2>Likely causes</h2>{said}{wide('Likely causes', shown)}{left_out}"


def _timelines(findings: list[dict[str, Any]]) -> str:
    drawn, left_out = pictures(findings, DRAWN)
    if not drawn:
        return ""
    figures = "".join(
        f"<figure><figcaption>Shot {text(picture.shot)}</figcaption>"
        f"{wide(f'Frames of {short(picture.shot)}', picture.svg)}"
        f"{rest(picture.left_out, 'more generation')}</figure>"
        for picture in drawn
    )
    return (
        "<h2>Broken timelines</h2><p>Squares are the frames that shot_data holds, as before a repair, and "
        "circles those of the links, as after it. Coloured ones have no counterpart. What is “off” is in the "
        f"shot and off the timeline.</p>{figures}{rest(left_out, 'more shot')}"
    )


def _section(run: "AuditRun", findings: list[dict[str, Any]]) -> str:
    widths = {"verdict": "verdict", "stored": "short", "expected": "short", "detail": "detail"}
    heads = [(name, widths.get(name, "")) for name in _FINDING]
    body = ([cell(text(row[name], look)) for name, look in _FINDING.items()] for row in findings[:LISTED])
    shown = wide(f"Findings of {run.audit}", table(heads, body, "findings"))
    return (
        f'<h2 id="{run.audit}">{run.audit} <span class="level {run.level}">{run.level}</span></h2>'
        f"<p>{escape(purpose(run.audit))} "
        f"What to do: {escape(explained(run.audit))}</p>"
        f"{shown}{rest(len(findings) - LISTED, 'more finding')}"
    )


def _policy() -> str:
    """Allow the page its own style and nothing else: were a text not escaped, it could still do nothing."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return files("shotkit.audit.formats").joinpath("page.css").read_text("utf-8")
