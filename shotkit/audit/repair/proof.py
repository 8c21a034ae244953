"""Writes cells and proves it: each holds what was wanted, and nothing else was written."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.audit.repair.places import held, send
from shotkit.errors import WriteNotStoredError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotkit.audit.repair.cells import Cell
    from shotkit.engine import Transaction

__all__ = ["NotKeptError", "Others", "Proof", "write"]

LINKS = "shot_generations"
GONE = object()
UNTOUCHED = {f"public.{name}" for name in ("users", "projects", "shots", "tasks", "credits_ledger")}

Others = dict[str, dict[str, int | str]]


class NotKeptError(WriteNotStoredError):
    """The database did not keep what some generations were given, or changed more of them."""

    def __init__(self, generation_ids: "Iterable[str]") -> None:
        self.generation_ids = frozenset(generation_ids)
        super().__init__(
            f"{len(self.generation_ids)} generations, such as {min(self.generation_ids)}, did not keep what "
            "they were given, or more of them changed; look for a trigger on generations or "
            "generation_variants that does it. It was rolled back."
        )


@dataclass(frozen=True)
class Proof:
    """What shows that a transaction wrote its cells and nothing else.

    `others` has of each table how many rows are not of the repaired generations and the hash of their
    versions, `rest` the hash of what the repaired generations' rows hold beside the cells: the same before
    the write and after it. `versions` counts the row versions written, by table, triggers' writes included.
    """

    others: Others
    rest: str
    versions: dict[str, int]


def write(transaction: "Transaction", cells: "tuple[Cell, ...]") -> Proof:
    """Write cells and prove it, or raise NotKeptError or WriteNotStoredError.

    The transaction is of one snapshot, so that nobody else's commit shows in what is compared.
    """
    scope = _Scope(transaction, cells)
    others, rest, versions = scope.others(), scope.rest(), scope.versions()
    send(transaction, cells)
    found, rest_found = held(transaction, cells), scope.rest()
    not_kept = {cell.generation_id for cell in cells if found.get(cell.place, GONE) != cell.expected}
    not_kept |= {generation for (_, generation), _ in rest.items() ^ rest_found.items()}
    if not_kept:
        raise NotKeptError(not_kept)
    written = dict(Counter(scope.versions()) - Counter(versions))
    if scope.others() != others or written.keys() & UNTOUCHED:
        said = ", ".join(f"{name} {count}" for name, count in written.items())
        raise WriteNotStoredError(
            f"Rows that are not repaired were written too (row versions: {said}); look for a trigger that "
            "writes them. This batch was rolled back."
        )
    return Proof(others, sha256(json.dumps(sorted(rest.items())).encode()).hexdigest(), written)


@dataclass
class _Scope:
    """The generations that are written, and what is looked at around them."""

    transaction: "Transaction"
    cells: "tuple[Cell, ...]"
    ids: list[str] = field(init=False)
    tables: list[str] = field(init=False)

    def __post_init__(self) -> None:
        there = self.transaction.rows(sql.statement("repairs/tables"))
        self.ids = sorted({cell.generation_id for cell in self.cells})
        self.tables = [row["table_name"] for row in there]

    def others(self) -> Others:
        found: Others = {}
        for table in self.tables:
            statement = sql.statement(f"repairs/others_{table}")
            takes = {"generation_ids": self.ids} if statement.parameters else {}
            row = self.transaction.rows(statement, **takes)[0]
            found[table] = {"rows": row["counted"], "hash": row["hash"]}
        return found

    def rest(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for table in self.tables:
            if table == LINKS:
                continue
            columns: dict[str, list[str]] = defaultdict(list)
            for cell in self.cells:
                if cell.table == table:
                    columns[cell.id].append(cell.column)
            rows = self.transaction.rows(
                sql.statement(f"repairs/rest_{table}"),
                generation_ids=self.ids,
                ids=list(columns),
                columns=[json.dumps(names) for names in columns.values()],
            )
            found |= {(table, row["generation_id"]): row["hash"] for row in rows}
        return found

    def versions(self) -> dict[str, int]:
        rows = self.transaction.rows(sql.statement("repairs/versions_written"))
        return {row["table_name"]: row["written"] for row in rows}
