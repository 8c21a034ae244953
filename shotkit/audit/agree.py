"""Holds the reports of several engines against each other: one text must find the same on all of them."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from shotkit.audit.formats import seen
from shotkit.errors import CouldNotCompleteError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotkit.audit.report import Report

__all__ = ["refuse_disagreement"]


def refuse_disagreement(reports: "Sequence[Report]") -> None:
    """Raise CouldNotCompleteError unless all reports say the same as the first, byte for byte."""
    for other in reports[1:]:
        if said := _disagreement(reports[0], other):
            raise CouldNotCompleteError(f"{reports[0].engine} and {other.engine} disagree: {said}")


def _disagreement(one: "Report", other: "Report") -> str:
    saw, others = seen(one.coverage), seen(other.coverage)
    if saw != others:
        return (
            f"they saw {saw} and {others}. Something was written in between: run it again, "
            "or on a snapshot of one moment."
        )
    if _ran(one) != _ran(other):
        return "they did not run the same audits, or not over as many rows. Trust neither; please report it."
    ours, theirs = _findings(one), _findings(other)
    alone = [(one.engine, each) for each in (Counter(ours) - Counter(theirs)).elements()]
    alone += [(other.engine, each) for each in (Counter(theirs) - Counter(ours)).elements()]
    if alone:
        engine, finding = alone[0]
        return (
            f"{len(alone)} findings are of one alone, such as {finding[0]} {finding[2]} {finding[3]} "
            f"of {engine}. Trust neither; please report it."
        )
    return "" if ours == theirs else "they order the findings differently. Please report it."


def _ran(report: "Report") -> list[tuple[Any, ...]]:
    skipped = [(each["audit"],) for each in report.coverage["skipped"]]
    return [*((ran.audit, ran.examined) for ran in report.audits), *skipped]


def _findings(report: "Report") -> list[tuple[Any, ...]]:
    import pyarrow as pa  # noqa: PLC0415  heavy: not before there are reports

    rows = pa.Table.from_pandas(report.findings, preserve_index=False).to_pylist()
    return [tuple(row.values()) for row in rows]
