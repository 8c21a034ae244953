"""The audits there are: whatever sql/audits/ holds, with the level, tables and columns its head names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shotkit import sql
from shotkit.errors import ConfigurationError

__all__ = ["Audit", "catalog", "chosen"]

LEVELS = ("error", "warning", "info")
_READS = re.compile(r"(\w+)\(([^()]*)\)")


@dataclass(frozen=True)
class Audit:
    """One file of sql/audits/: its full name, its level, what it counts as examined, the columns it reads."""

    name: str
    level: str
    examines: str
    reads: frozenset[tuple[str, str]]

    @property
    def number(self) -> str:
        """The four digits before the name."""
        return self.name.partition("_")[0]


def catalog() -> tuple[Audit, ...]:
    """Return all audits in the order of their numbers."""
    return tuple(_audit(sql.statement(path)) for path in sql.names("audits"))


def chosen(only: str | Iterable[str] | None) -> tuple[Audit, ...]:
    """Return the audits that `only` names by number or full name, all for None."""
    audits = catalog()
    if only is None:
        return audits
    wanted = [only] if isinstance(only, str) else list(only)
    known = {name for audit in audits for name in (audit.number, audit.name)}
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        there_are = ", ".join(audit.name for audit in audits)
        raise ConfigurationError(
            f"No audit is named {', '.join(map(repr, unknown)) or 'at all'}; there are: {there_are}."
        )
    return tuple(audit for audit in audits if {audit.number, audit.name} & set(wanted))


def _audit(statement: sql.Statement) -> Audit:
    missing = {"level", "examines", "reads"} - statement.head.keys()
    if missing or statement.head["level"] not in LEVELS:
        raise ConfigurationError(
            f"sql/{statement.path}.sql must say its level ({', '.join(LEVELS)}), examines and reads."
        )
    reads = frozenset(
        (table, column.strip())
        for table, columns in _READS.findall(statement.head["reads"])
        for column in columns.split(",")
    )
    return Audit(statement.name, statement.head["level"], statement.head["examines"], reads)
