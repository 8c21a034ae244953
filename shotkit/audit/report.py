"""What the audits found: a data frame of findings, what was covered, and the same as JSON and HTML."""

import html
import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from shotkit import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "AuditRun", "Coverage", "Report", "Skipped"]

COLUMNS = (
    "audit", "level", "verdict", "key", "project_id", "shot_id", "generation_id", "variant_id",
    "stored", "expected", "detail",
)  # fmt: skip


class Skipped(TypedDict):
    """An audit that could not run, and why."""

    audit: str
    reason: str


class Coverage(TypedDict):
    """How many generations and links the connection showed, and the audits that could not run."""

    generations: int
    links: int
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

    `findings` has the columns COLUMNS, all `string[pyarrow]`, NA where there is no such id or text.
    Of 0001, `shot_id` is the key as it stands in shot_data, which may be no id, and `stored` and `expected`
    are JSON text; of the others they are what the column holds, an address without its query.
    """

    findings: "pd.DataFrame"
    audits: tuple[AuditRun, ...]
    coverage: Coverage
    engine: str

    @property
    def ok(self) -> bool:
        """Whether every audit asked for ran and none has an error or a warning: infos are no fault."""
        return bool((self.findings["level"] == "info").all()) and not self.coverage["skipped"]

    def to_json(self) -> str:
        """Return the report as JSON text, schema 1."""
        return json.dumps(
            {
                "schema": 1,
                "shotkit": __version__,
                "engine": self.engine,
                "coverage": self.coverage,
                "audits": [asdict(run) for run in self.audits],
                "findings": self._records(),
            },
            indent=1,
        )

    def __repr__(self) -> str:
        seen = f"{self.coverage['generations']:,} generations, {self.coverage['links']:,} links"
        lines = [f"{run.audit}: {self._said(run.audit)}" for run in self.audits if run.findings]
        lines += [f"{skipped['audit']}: skipped, {skipped['reason']}" for skipped in self.coverage["skipped"]]
        if clean := [run.audit for run in self.audits if not run.findings]:
            lines.append(f"{clean[0]}: clean" if len(clean) == 1 else f"{len(clean)} audits: clean")
        return "\n".join([f"<Report: {seen}>", *lines])

    def _repr_html_(self) -> str:
        # pandas escapes the cells; what stands before the table is escaped here.
        table = "" if self.findings.empty else self.findings.to_html(max_rows=20, na_rep="", escape=True)
        return f"<pre>{html.escape(repr(self))}</pre>{table}"

    def _said(self, audit: str) -> str:
        verdicts = Counter(self.findings.loc[self.findings["audit"] == audit, "verdict"])
        return f"{verdicts.total()} found: " + ", ".join(
            f"{n} {verdict}" for verdict, n in sorted(verdicts.items())
        )

    def _records(self) -> list[dict[str, Any]]:
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a report is written

        records: list[dict[str, Any]] = pa.Table.from_pandas(self.findings, preserve_index=False).to_pylist()
        return records
