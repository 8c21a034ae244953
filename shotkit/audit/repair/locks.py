"""The locks of a repair, and who may not have one."""

from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.errors import ConfigurationError, NotPermittedError

if TYPE_CHECKING:
    from shotkit.audit.repair.planned import Plan
    from shotkit.engine import Database, Transaction

__all__ = ["locked", "refuse_barred", "refuse_snapshot"]


def locked(transaction: "Transaction", ids: list[str], *, variants: bool) -> set[str]:
    """Lock generations in id order, then their variants; return which generations the user may write."""
    rows = transaction.rows(sql.statement("repairs/lock_generations"), generation_ids=ids)
    if variants:
        transaction.rows(sql.statement("repairs/lock_variants"), generation_ids=ids)
    return {row["generation_id"] for row in rows}


def refuse_barred(planned: "Plan", may_write: set[str]) -> None:
    """Refuse a plan that writes generations which the user may only see."""
    if barred := {cell.generation_id for cell in planned.cells} - may_write:
        raise NotPermittedError(
            f"This user may see but not change {len(barred)} generations, such as {min(barred)}."
        )


def refuse_snapshot(database: "Database") -> None:
    """Refuse what is no server."""
    if database.engine != "postgres":
        raise ConfigurationError("A snapshot is never repaired; repair the database that it was taken from.")
