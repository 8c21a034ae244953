"""Faults of the audits other than shot_data's: one statement each, sql/demo/faults_NNNN_verdict.sql."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.errors import InvalidChangeError

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction

__all__ = ["Planted", "plant_rule", "rule_classes"]

_FILE = re.compile(r"demo/faults_(\d{4})_(\w+)")


@dataclass(frozen=True)
class Planted:
    """One fault: what the audit of that number must find, by its key, and how it was made.

    Of shot_data's also where: without a shot_id it is the document's.
    """

    audit: str
    verdict: str
    key: str
    kind: str
    generation_id: str | None = None
    shot_id: str | None = None


def rule_classes() -> tuple[str, ...]:
    """Return the classes there are: `0011` for all of an audit, `0011/none` for one verdict."""
    audits = {audit for audit, _ in _files()}
    return tuple(sorted(audits | {"/".join(names) for names in _files()}))


def plant_rule(database: "Database", fault_class: str, count: int, seed: int) -> list[Planted]:
    """Plant `count` faults of each verdict of a class, all or none; a cycle is found once a member."""
    wanted, _, only = fault_class.partition("/")
    planted: list[Planted] = []
    with database.transaction() as transaction:
        for (audit, verdict), path in _files().items():
            if audit == wanted and only in {"", verdict}:
                keys = _run(transaction, path, count, seed)
                planted += [Planted(audit, verdict, key, verdict) for key in keys]
    return planted


def _run(transaction: "Transaction", path: str, count: int, seed: int) -> list[str]:
    statement = sql.statement(path)
    if past := statement.head.get("triggers") == "off":
        transaction.execute(sql.statement("demo/triggers_off"))
    keys = sorted(row["key"] for row in transaction.rows(statement, seed=seed, count=count))
    if past:
        transaction.execute(sql.statement("demo/triggers_on"))
    if len(keys) < count:
        raise InvalidChangeError(
            f"There is room for {len(keys)} faults of {statement.name.removeprefix('faults_')}, "
            f"not for {count}; nothing was planted."
        )
    return keys


def _files() -> dict[tuple[str, str], str]:
    found = ((_FILE.fullmatch(path), path) for path in sql.names("demo"))
    return {(match[1], match[2]): path for match, path in found if match}
