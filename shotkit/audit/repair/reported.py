"""What a report says of what can be repaired, and of what cannot."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotkit.audit.repair.cells import Refusal
from shotkit.audit.repair.ways_out import REPAIRABLE, WAYS_OUT
from shotkit.audit.report import CUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotkit.audit.report import Report

__all__ = ["Found", "Reported"]

Found = dict[str, tuple[str | None, str | None]]  # what is stored and expected, by a finding's key


@dataclass(frozen=True)
class Reported:
    """The findings of each generation by audit, and those of audits that have no repair."""

    found: dict[str, dict[str, Found]]
    beyond: tuple[Refusal, ...]
    cut: frozenset[str] = frozenset()  # audits that found more than the report tells

    @classmethod
    def of(cls, report: "Report") -> "Reported":
        """Read the findings of a report."""
        found: dict[str, dict[str, Found]] = {}
        beyond = []
        for audit, key, generation, stored, expected in _rows(report):
            if audit in REPAIRABLE and generation is not None:
                of_audit = found.setdefault(audit, {})
                of_audit.setdefault(generation, {})[key] = (stored, expected)
            else:
                reason = f"no repair: {WAYS_OUT.get(audit[:4], 'its generation is not there')}"
                beyond.append(Refusal(audit, key, generation, reason))
        reasons = {each["audit"]: each["reason"] for each in report.coverage["skipped"]}
        cut = {
            audit: f"{reason}; repair again" for audit, reason in reasons.items() if reason.startswith(CUT)
        }
        beyond += [Refusal(audit, "", None, reason) for audit, reason in cut.items() if audit in found]
        return cls(dict(sorted(found.items())), (*beyond, *_unseen(report)), frozenset(cut))

    @property
    def audits(self) -> tuple[str, ...]:
        """The audits with findings that have a repair."""
        return tuple(self.found)

    @property
    def generation_ids(self) -> list[str]:
        """The generations that these are about, in the order of their ids."""
        return sorted({generation for each in self.found.values() for generation in each})

    def stands(self, audit: str, generation: str, now: Found) -> bool:
        """Whether what is found of a generation now is what was reported.

        Where a report holds a part of one generation's findings and nothing else of the audit, that part: no
        report will ever have them all.
        """
        told = self.found[audit][generation]
        if audit in self.cut and len(self.found[audit]) == 1:
            return told.items() <= now.items()
        return told == now

    def ids_of(self, audit: str, among: list[str]) -> list[str]:
        """Return which of these generations have findings of an audit."""
        return [generation for generation in among if generation in self.found[audit]]


def _unseen(report: "Report") -> list[Refusal]:
    """Return the audits with a repair where none saw all: that nothing was found means nothing then."""
    skipped = report.coverage["skipped"]
    reasons = {each["audit"]: each["reason"] for each in skipped if not each["reason"].startswith(CUT)}
    asked = sorted({*reasons, *(ran.audit for ran in report.audits)} & set(REPAIRABLE))
    if not all(audit in reasons for audit in asked):
        return []
    return [Refusal(audit, "", None, f"skipped, {reasons[audit]}") for audit in asked]


def _rows(report: "Report") -> "Iterator[tuple[str, str, str | None, str | None, str | None]]":
    columns = ["audit", "key", "generation_id", "stored", "expected"]
    frame = report.findings[columns].astype(object)
    frame = frame.where(frame.notna(), None)
    yield from frame.itertuples(index=False, name=None)
