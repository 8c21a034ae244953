"""Applies sql/migrations/ in order, remembers what was applied, and refuses a database it did not make.

Each migration is one transaction under an advisory lock; there is no reset.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from shotkit import sql
from shotkit.engine import Database, Transaction
from shotkit.errors import SchemaMismatchError

__all__ = ["Keeper", "Migration", "State", "checksum", "packaged", "push", "status", "untold"]

State = Literal["applied", "pending", "changed", "unknown", "unreadable"]
Keeper = Literal["shotkit", "supabase"]

_CORE_TABLES = [
    "users",
    "projects",
    "shots",
    "shot_generations",
    "generations",
    "generation_variants",
    "tasks",
    "credits_ledger",
]


@dataclass(frozen=True)
class Migration:
    """One migration: `changed` since it was applied, `unknown` to this version of shotkit, or `unreadable`.

    The last says that this user may not ask whether it was applied. `keeper` is whose list it is in.
    """

    number: int
    name: str
    state: State
    applied_at: datetime | None = None
    keeper: Keeper = "shotkit"

    def __str__(self) -> str:
        return self.name


def push(database: Database) -> list[Migration]:
    """Apply the pending migrations and return them; where an applied one was changed, nothing is applied."""
    found = status(database)
    _refuse_changed(found)
    pending = [migration.number for migration in found if migration.state == "pending"]
    return [applied for number in pending if (applied := _apply(database, number))]


def status(database: Database) -> list[Migration]:
    """Return every migration that the package or the database knows, in order."""
    try:
        rows = database.rows(sql.statement("schema/applied"))
    except SchemaMismatchError:  # no such table: nothing was applied yet
        rows = []
    return _compare(rows)


def untold() -> list[Migration]:
    """Return every migration of the package, for a user who may not ask which were applied."""
    return [replace(_state(number, None), state="unreadable") for number in sorted(packaged())]


def packaged() -> dict[int, sql.Statement]:
    """Return shotkit's own migrations by number."""
    statements = map(sql.statement, sql.names("migrations"))
    return {int(statement.name[:4]): statement for statement in statements}


def checksum(statement: sql.Statement) -> str:
    """Return what tells a migration's text from another."""
    lines = statement.text.replace("\r\n", "\n")  # what a checkout on Windows makes of it is no change
    return hashlib.sha256(lines.encode()).hexdigest()


def _compare(rows: list[dict[str, Any]]) -> list[Migration]:
    applied = {row["number"]: row for row in rows}
    return [_state(number, applied.get(number)) for number in sorted(packaged().keys() | applied.keys())]


def _state(number: int, row: dict[str, Any] | None) -> Migration:
    statement = packaged().get(number)
    if row is None:
        return Migration(number, packaged()[number].name, "pending")
    if statement is None:
        return Migration(number, row["name"], "unknown", row["applied_at"])
    same = row["checksum"] == checksum(statement)
    return Migration(number, statement.name, "applied" if same else "changed", row["applied_at"])


def _apply(database: Database, number: int) -> Migration | None:
    statement = packaged()[number]
    with database.transaction() as transaction:
        transaction.rows(sql.statement("schema/lock"))
        _keep_books(transaction)
        found = _compare(transaction.rows(sql.statement("schema/applied")))
        _refuse_changed(found)
        if any(migration.number == number and migration.state == "applied" for migration in found):
            return None  # another push was faster
        # A migration is plain SQL for any client; only our driver reads a lone % as a parameter.
        transaction.rows(replace(statement, text=statement.text.replace("%", "%%")))
        [row] = transaction.rows(
            sql.statement("schema/record"), number=number, name=statement.name, checksum=checksum(statement)
        )
    return Migration(number, statement.name, "applied", row["applied_at"])


def _keep_books(transaction: Transaction) -> None:
    [row] = transaction.rows(sql.statement("schema/tables"), names=_CORE_TABLES)
    if row["kept"]:
        return
    if row["found"]:
        tables = ", ".join(f"public.{name}" for name in row["found"])
        raise SchemaMismatchError(
            f"The database already has {tables}, which shotkit did not make. It is used as it is; "
            "to make shotkit's own schema, push to an empty database."
        )
    transaction.rows(sql.statement("schema/bookkeeping"))


def _refuse_changed(found: list[Migration]) -> None:
    if changed := [migration.name for migration in found if migration.state == "changed"]:
        raise SchemaMismatchError(
            f"Changed after they were applied: {', '.join(changed)}. Put back the text that was applied, "
            "and write the change as a new migration."
        )
