"""What the audits found: a data frame of findings, likely causes, what was covered; written in any format."""

import html
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from shotkit.audit import formats
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from shotkit.audit.baseline import Baseline, Compared

__all__ = ["COLUMNS", "CUT", "AuditRun", "Coverage", "Report", "Skipped"]

COLUMNS = (
    "audit", "level", "verdict", "key", "project_id", "shot_id", "generation_id", "variant_id",
    "stored", "expected", "detail",
)  # fmt: skip
_MOST_REASONS = 3  # for which audits were skipped, told one by one
CUT = "of its findings only the first"  # so begins the reason where there are more than a report holds


class Skipped(TypedDict):
    """An audit that could not run, or not tell all that it found, and why."""

    audit: str
    reason: str


class Coverage(TypedDict):
    """How many generations and links the connection showed, and the audits that could not run.

    None for a number: they were not looked at, as their tables lack columns.
    """

    generations: int | None
    links: int | None
    skipped: list[Skipped]


@dataclass(frozen=True)
class AuditRun:
    """One audit that ran: how many rows it examined, how many findings it has, how long it took."""

    audit: str
    level: str
    examined: int
    findings: int
    seconds: float


@dataclass(frozen=True, repr=False, eq=False)
class Report:
    """What one run of the audits found.

    `rows` is the table that `findings` show: the columns COLUMNS, all texts, null where there is none.
    Of 0001, `shot_id` is the key as it stands in shot_data, which may be no id, and `stored` and `expected`
    are JSON text; of the others they are what the column holds, an address without its query.
    `compared` is None, or says of a baseline what it knew and what of it is gone.
    """

    rows: "pa.Table"
    audits: tuple[AuditRun, ...]
    coverage: Coverage
    engine: str
    compared: "Compared | None" = None

    @cached_property
    def findings(self) -> "pd.DataFrame":
        """The findings: the columns COLUMNS, all `string[pyarrow]`, NA where there is no such id or text."""
        import pandas as pd  # noqa: PLC0415  heavy: not before somebody asks, and a clean report needs none

        found: pd.DataFrame = self.rows.to_pandas(types_mapper=pd.ArrowDtype)
        return found

    @property
    def levels(self) -> set[str]:
        """The levels of the findings."""
        return set(self.rows["level"].unique().to_pylist())

    @property
    def ok(self) -> bool:
        """Whether every audit asked for ran and none has an error or a warning: infos are no fault."""
        return self.levels <= {"info"} and not self.coverage["skipped"]

    @property
    def causes(self) -> "pd.DataFrame":
        """The likely cause of each drifted generation: generation_id, cause, because; `string[pyarrow]`."""
        from shotkit.audit.causes import causes  # noqa: PLC0415  not before somebody asks

        return causes(self.findings)

    def since(self, baseline: "Baseline") -> "Report":
        """Return the report of those findings alone that the baseline does not know."""
        from shotkit.audit.baseline import compare  # noqa: PLC0415  it needs pandas

        return compare(self, baseline)

    def to_json(self) -> str:
        """Return the report as JSON text, schema 1: shotkit/audit/formats/report.schema.json."""
        return formats.to_json(self)

    def to_jsonl(self) -> str:
        """Return the report as JSON lines: the coverage, then each audit, cause and finding."""
        return formats.to_jsonl(self)

    def to_junit(self, fail_on: str = "error") -> str:
        """Return the report as JUnit XML: a testsuite an audit, a failure a finding of that level or over."""
        return formats.to_junit(self, fail_on)

    def to_sarif(self) -> str:
        """Return the report as SARIF 2.1.0: a rule an audit, a result a finding."""
        return formats.to_sarif(self)

    def to_github(self) -> str:
        """Return the report as workflow commands: what a job of GitHub Actions prints to be annotated."""
        return formats.to_github(self)

    def to_summary(self) -> str:
        """Return the report as Markdown, short enough for the summary of a step of GitHub Actions."""
        return formats.to_summary(self)

    def to_html(self) -> str:
        """Return the report as one HTML page that needs nothing else and runs no script."""
        return formats.to_html(self)

    def __repr__(self) -> str:
        seen = formats.seen(self.coverage)
        lines = [f"{run.audit}: {self._said(run.audit)}" for run in self.audits if run.findings]
        lines += self._skipped()
        if spotless := [run.audit for run in self.audits if not run.findings]:
            lines.append(f"{spotless[0]}: clean" if len(spotless) == 1 else f"{len(spotless)} audits: clean")
        if self.compared:
            lines.append(str(self.compared))
        return "\n".join([f"<Report: {seen}>", *lines])

    def _repr_html_(self) -> str:
        # pandas escapes the cells; what stands before the table is escaped here.
        table = "" if self.findings.empty else self.findings.to_html(max_rows=20, na_rep="", escape=True)
        return f"<pre>{html.escape(repr(self))}</pre>{table}"

    def _skipped(self) -> list[str]:
        audits: dict[str, list[str]] = {}
        for skipped in self.coverage["skipped"]:
            audits.setdefault(skipped["reason"], []).append(skipped["audit"])
        lines = [f"{', '.join(names)}: skipped, {clean(reason)}" for reason, names in audits.items()]
        if len(lines) <= _MOST_REASONS:
            return lines
        count = len(self.coverage["skipped"])
        return [f"{count} audits: skipped for {len(lines)} reasons, which --format json names; {lines[0]}"]

    def _said(self, audit: str) -> str:
        verdicts = Counter(self.findings.loc[self.findings["audit"] == audit, "verdict"])
        return f"{verdicts.total()} found: " + ", ".join(
            f"{n} {verdict}" for verdict, n in sorted(verdicts.items())
        )
