"""The audits there are: whatever sql/audits/ holds, with the level and the verdicts its head names."""

from collections.abc import Iterable
from dataclasses import dataclass

from shotkit import sql
from shotkit.audit.flat import Columns, reads
from shotkit.audit.verdicts import VERDICTS
from shotkit.errors import ConfigurationError

__all__ = ["LEVELS", "Audit", "catalog", "chosen", "levels_from"]

LEVELS = ("error", "warning", "info")
_SHOWN = 80  # characters of an unknown name that an error repeats


@dataclass(frozen=True)
class Audit:
    """One file of sql/audits/: its full name and purpose, its level, its verdicts, the relation it examines.

    `live` audits read the catalogs of a server: a snapshot cannot answer them.
    """

    name: str
    purpose: str
    level: str
    examines: str
    verdicts: tuple[str, ...]
    live: bool
    reads: Columns

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
        named = ", ".join(repr(name)[:_SHOWN] for name in unknown)
        raise ConfigurationError(f"No audit is named {named or 'at all'}; there are: {there_are}.")
    return tuple(audit for audit in audits if {audit.number, audit.name} & set(wanted))


def levels_from(least: str) -> tuple[str, ...]:
    """Return the levels that are as grave as `least`, or graver."""
    return LEVELS[: LEVELS.index(least) + 1]


def _audit(statement: sql.Statement) -> Audit:
    head = statement.head
    verdicts = tuple(head.get("verdicts", "").replace(",", " ").split())
    if head.get("level") not in LEVELS or "examines" not in head or not verdicts:
        raise ConfigurationError(
            f"sql/{statement.path}.sql must say its level ({', '.join(LEVELS)}), examines and verdicts."
        )
    if unknown := set(verdicts) - VERDICTS.keys():
        raise ConfigurationError(f"sql/{statement.path}.sql has verdicts of no list: {sorted(unknown)}.")
    return Audit(
        statement.name, statement.purpose, head["level"], head["examines"], verdicts,
        head.get("live") == "yes", reads(statement.text),
    )  # fmt: skip
