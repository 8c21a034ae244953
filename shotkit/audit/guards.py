"""What the audits find out of a server's catalogs: whether the guards of the rows are there."""

from typing import TYPE_CHECKING, Any

from shotkit.audit.catalog import catalog
from shotkit.audit.flat import Columns, over_flat

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["guards"]


def guards(database: "Database", there: Columns) -> tuple[list[dict[str, Any]], Columns]:
    """Return the findings of the live audits, and the columns for lack of which any of them could not run.

    `there` are the columns of the database. Catalogs are open to everyone: no right to a row is needed.
    """
    live = [audit for audit in catalog() if audit.live]
    fit = [audit for audit in live if audit.reads <= there]
    with database.transaction(read_only=True, repeatable=True) as transaction, transaction.pipeline():
        answers = [transaction.run(over_flat(f"audits/{audit.name}")) for audit in fit]
    found = [
        {"audit": audit.name, "level": audit.level} | row
        for audit, answer in zip(fit, answers, strict=True)
        for row in answer.rows()
    ]
    return found, frozenset[tuple[str, str]]().union(*(audit.reads for audit in live)) - there
