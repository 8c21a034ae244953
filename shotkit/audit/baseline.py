"""Baselines: the findings that are known already, so that only new ones count and the gone ones are told."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shotkit.errors import ConfigurationError
from shotkit.plain import reason

if TYPE_CHECKING:
    from shotkit.audit.report import Report

__all__ = ["Baseline", "Compared", "Known", "compare"]

_KIND = "shotkit audit baseline, schema 1"


class Known(NamedTuple):
    """What makes a finding the same finding in the next run."""

    audit: str
    verdict: str
    key: str


@dataclass(frozen=True)
class Compared:
    """What a baseline knew: how many findings are still there, and which are gone."""

    known: int
    gone: tuple[Known, ...]

    def __str__(self) -> str:
        return f"baseline: {self.known:,} known, {len(self.gone):,} gone"


@dataclass(frozen=True)
class Baseline:
    """The findings that are known."""

    known: frozenset[Known]

    @classmethod
    def of(cls, report: "Report", before: "Baseline | None" = None) -> "Baseline":
        """Take the findings of a report that was not compared; `before` tells of audits that did not run."""
        ran = _told_whole(report)
        kept = {known for known in before.known if known.audit not in ran} if before else set()
        return cls(frozenset(_keys(report)) | kept)

    @classmethod
    def read(cls, file: str) -> "Baseline":
        """Read what `to_json` wrote; raises ConfigurationError for anything else."""
        try:
            text = Path(file).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"Cannot read the baseline {file}: {reason(error)}. `--write-baseline` makes one."
            ) from error
        return cls(frozenset(_parsed(text, file)))

    def to_json(self) -> str:
        """Return it as JSON, sorted, one finding a line: what changed shows in a diff."""
        lines = [json.dumps(known._asdict()) for known in sorted(self.known)]
        findings = "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
        return f'{{"kind": "{_KIND}", "findings": {findings}}}'


def compare(report: "Report", baseline: Baseline) -> "Report":
    """Return the report of the findings that the baseline does not know.

    Of an audit that did not run nobody can say that its findings are gone.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit has run

    keys = list(_keys(report))
    new = [place for place, key in enumerate(keys) if key not in baseline.known]
    rows = report.rows.take(pa.array(new, pa.int64()))
    left = Counter(rows["audit"].to_pylist())
    ran = _told_whole(report)
    gone = sorted(known for known in baseline.known.difference(keys) if known.audit in ran)
    return replace(
        report,
        rows=rows,
        audits=tuple(replace(run, findings=left[run.audit]) for run in report.audits),
        compared=Compared(len(keys) - len(rows), tuple(gone)),
    )


def _told_whole(report: "Report") -> set[str]:
    """Return the audits that ran and told all that they found."""
    return {run.audit for run in report.audits} - {each["audit"] for each in report.coverage["skipped"]}


def _keys(report: "Report") -> Iterable[Known]:
    return (Known(**row) for row in report.rows.select(list(Known._fields)).to_pylist())


def _parsed(text: str, file: str) -> list[Known]:
    try:
        written = json.loads(text)
        if written["kind"] == _KIND:
            return [_known(finding) for finding in written["findings"]]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise _wrong_kind(file) from error
    raise _wrong_kind(file)


def _known(finding: dict[str, Any]) -> Known:
    known = Known(**finding)
    if not all(isinstance(part, str) for part in known):
        raise TypeError
    return known


def _wrong_kind(file: str) -> ConfigurationError:
    return ConfigurationError(
        f"{file} is no baseline (it does not say it is a {_KIND!r}, or not all of it is); nothing was "
        "compared. `--write-baseline FILE` makes one."
    )
