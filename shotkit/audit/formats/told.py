"""What all forms of a report tell: its rows, its coverage, a finding in a sentence, an audit's purpose."""

from functools import cache
from typing import TYPE_CHECKING, Any

from shotkit.audit.catalog import Audit, catalog
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.audit.report import Coverage, Report

__all__ = [
    "counted", "covered", "explained", "grouped", "names", "purpose", "rows", "seen",
    "sentence", "short",
]  # fmt: skip

_DOCS = "docs/audits"  # of the repository: a report may be read anywhere
_LONGEST = 300


def rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of an Arrow-backed frame as plain dicts, None for NA."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a report is written

    found: list[dict[str, Any]] = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    return found


def grouped(report: "Report") -> dict[str, list[dict[str, Any]]]:
    """Return the findings of each audit that ran, in the order of the audits."""
    found: dict[str, list[dict[str, Any]]] = {run.audit: [] for run in report.audits}
    for row in rows(report.findings):
        found[row["audit"]].append(row)
    return found


def names(report: "Report") -> list[str]:
    """Return the audits that were asked for, run or skipped, in their order."""
    skipped = [skipped["audit"] for skipped in report.coverage["skipped"]]
    return sorted({*(run.audit for run in report.audits), *skipped})


def covered(report: "Report") -> str:
    """Say in one sentence what was examined."""
    coverage, asked = report.coverage, names(report)
    numbers = [(coverage["generations"], "generation"), (coverage["links"], "link")]
    examined = " and ".join(
        f"no {noun}s (not looked at)" if number is None else counted(number, noun) for number, noun in numbers
    )
    return (
        f"Examined {examined} on {report.engine} by {len(report.audits)} of {counted(len(asked), 'audit')}; "
        f"{len(coverage['skipped']) or 'none'} skipped."
    )


def seen(coverage: "Coverage") -> str:
    """Return how many generations and links there were: `2,000 generations, links not looked at`."""
    numbers = {"generations": coverage["generations"], "links": coverage["links"]}
    return ", ".join(
        f"{what} not looked at" if number is None else f"{number:,} {what}"
        for what, number in numbers.items()
    )


def counted(number: int, noun: str) -> str:
    """Return `1 finding`, `2,000 findings`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(finding: dict[str, Any]) -> str:
    """Say of a finding on one line what and where it is, what is stored and what is expected."""
    parts = [f"{finding['verdict']}: {short(finding['key'])}."]
    parts += [
        f"{name.capitalize()}: {short(finding[name])}."
        for name in ("stored", "expected")
        if finding[name] is not None
    ]
    return short(" ".join([*parts, finding["detail"] or ""]), 1_000)


def short(text: str, longest: int = _LONGEST) -> str:
    """Return a text on one line, without what could act in a terminal or a page, and not too long."""
    plain = clean(text)
    if len(plain) <= longest:
        return plain
    return f"{plain[:longest]}… ({len(plain):,} characters)"


def purpose(audit: str) -> str:
    """Return what an audit checks, in one sentence."""
    told = _known()[audit].purpose
    return told[:1].upper() + told[1:]


def explained(audit: str) -> str:
    """Return the name of the page that explains an audit."""
    return f"{_DOCS}/{audit}.md"


@cache
def _known() -> dict[str, Audit]:
    return {audit.name: audit for audit in catalog()}
