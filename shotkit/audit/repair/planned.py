"""Asks the database what would mend what was reported, and holds it against the report."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from shotkit import sql
from shotkit.audit.repair.cells import Cell, Refusal
from shotkit.secret import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotkit.audit.repair.reported import Found, Reported

__all__ = ["Asked", "Asks", "Plan", "asked", "judged"]

Asked = dict[str, list[dict[str, Any]]]  # by audit, the rows that its file of sql/repairs/ gives
CHANGED = "it is not as the audit found it any more; audit again"
CUT_SHORT = "the report has not all that was found of it; repair again"


class Asks(Protocol):
    """A database, or a transaction in it."""

    def rows(self, statement: sql.Statement, **parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a statement."""


@dataclass(frozen=True)
class Plan:
    """What would be written, and what is refused; of what is right by now neither."""

    cells: tuple[Cell, ...]
    refused: tuple[Refusal, ...]

    def of(self, generation_ids: "Iterable[str]") -> "tuple[Cell, ...]":
        """Return what would be written for these generations."""
        wanted = set(generation_ids)
        return tuple(cell for cell in self.cells if cell.generation_id in wanted)


def asked(asks: Asks, reported: "Reported", ids: list[str], *, arrays: bool) -> Asked:
    """Ask of each audit what would mend its findings of these generations."""
    answers: Asked = {}
    for audit in reported.audits:
        if wanted := reported.ids_of(audit, ids):
            statement = sql.statement(f"repairs/{audit}")
            given = {"generation_ids": wanted, "arrays": arrays}
            takes = {name: given[name] for name in statement.parameters}
            answers[audit] = asks.rows(statement, **takes)
    return answers


def judged(answers: Asked, reported: "Reported") -> Plan:
    """Refuse what is not as reported, or cannot be told; the rest is to be written."""
    cells: dict[tuple[str, str, str], Cell] = {}
    refused: list[tuple[tuple[str, str, str], Refusal]] = []
    for audit, rows in answers.items():
        otherwise = CUT_SHORT if audit in reported.cut else CHANGED
        for generation, own in _by_generation(rows).items():
            stands = reported.stands(audit, generation, _found(own))
            whole: dict[tuple[str, str, str], Cell] = {}
            for row in own:  # the first of a cell has what it holds
                cell = _cell(audit, row)
                if reason := row["refused"] if stands else otherwise:
                    refused.append((cell.place, Refusal(audit, cleaned(row["key"]), generation, reason)))
                else:
                    whole.setdefault(cell.place, cell)
            cells.update(whole)
    # What another audit's repair writes anyway is not refused.
    left = dict.fromkeys(refusal for place, refusal in refused if place not in cells)
    return Plan(tuple(cells.values()), tuple(left))


def _by_generation(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["generation_id"]].append(row)
    return grouped


def _found(rows: list[dict[str, Any]]) -> "Found":
    return {cleaned(row["key"]): (_said(row["found_stored"]), _said(row["found_expected"])) for row in rows}


def _cell(audit: str, row: dict[str, Any]) -> Cell:
    return Cell(
        audit,
        row["table_name"],
        row["id"],
        row["generation_id"],
        row["column_name"],
        row["stored"],
        row["expected"],
    )


def _said(text: str | None) -> str | None:
    return None if text is None else cleaned(text)  # as a report has it
