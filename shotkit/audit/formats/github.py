"""A report for GitHub Actions: workflow commands that annotate the run, and a summary in Markdown."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from shotkit.audit.catalog import LEVELS
from shotkit.audit.formats.told import counted, covered, rows, sentence, short

if TYPE_CHECKING:
    from shotkit.audit.report import Report

__all__ = ["LISTED", "MOST", "to_github", "to_summary"]

MOST = 10  # annotations of a level that GitHub shows for a step
LISTED = 100  # findings in the summary, which may have 1 MiB
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def to_github(report: "Report") -> str:
    """Return what is covered, then workflow commands: MOST of a level, the rest counted in the last."""
    lines = [f"shotkit audit: {covered(report)}"]
    if report.compared:
        lines.append(f"shotkit audit: {report.compared}")
    told: dict[str, list[tuple[str, str]]] = {level: [] for level in LEVELS}
    for skipped in report.coverage["skipped"]:
        told["warning"].append((f"{skipped['audit']} skipped", skipped["reason"]))
    for row in rows(report.findings):
        told[row["level"]].append((row["audit"], sentence(row)))
    for level, texts in told.items():
        lines += _annotations(_COMMANDS[level], texts)
    return "\n".join(lines)


def to_summary(report: "Report") -> str:
    """Return as Markdown: coverage, the audits, the likely causes, the first LISTED findings."""
    parts = ["## shotkit audit", covered(report)]
    if report.compared:
        parts.append(f"{str(report.compared).capitalize()}.")
    parts += [
        f"- {skipped['audit']} was skipped: {_text(skipped['reason'])}"
        for skipped in report.coverage["skipped"]
    ]
    parts += [*_audits(report), *_causes(report), *_listed(report)]
    return "\n\n".join(parts) + "\n"


def _annotations(command: str, texts: list[tuple[str, str]]) -> Iterator[str]:
    shown = texts if len(texts) <= MOST else texts[: MOST - 1]
    for title, text in shown:
        yield f"::{command} title={title}::{_data(text)}"
    if left_out := len(texts) - len(shown):
        yield f"::{command} title=shotkit audit::{left_out:,} more, see the summary of the step."


def _data(text: str) -> str:
    """Return a text as the runner takes it: on one line, and its percent signs are no escapes."""
    return short(text, 1_500).replace("%", "%25")


def _audits(report: "Report") -> Iterator[str]:
    if report.audits:
        yield _table(
            ("audit", "level", "examined", "findings"),
            (
                (
                    run.audit,
                    run.level,
                    f"{run.examined:,}",
                    f"{run.findings:,}",
                )
                for run in report.audits
            ),
        )


def _causes(report: "Report") -> Iterator[str]:
    causes = report.causes.groupby(["cause", "because"], as_index=False).size()
    if len(causes):
        yield "### Likely causes"
        yield _table(
            ("likely cause", "generations", "because"),
            ((row.cause, f"{row.size:,}", row.because) for row in causes.itertuples(index=False)),
        )


def _listed(report: "Report") -> Iterator[str]:
    columns = ("audit", "level", "verdict", "key", "stored", "expected", "detail")
    shown = rows(report.findings.head(LISTED)[list(columns)])
    if shown:
        yield "### Findings"
        yield _table(columns, ([_text(row[name]) for name in columns] for row in shown))
    if left_out := len(report.findings) - len(shown):
        yield f"And {counted(left_out, 'more finding')}."


def _table(head: Iterable[str], body: Iterable[Iterable[Any]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(text: str | None) -> str:
    """Return a text that Markdown shows as it is: every mark that could mean something is spelt by number."""
    if text is None:
        return ""
    return f"<code>{_PUNCTUATION.sub(lambda mark: f'&#{ord(mark[0])};', short(text))}</code>"
