"""Finds out what became of a transaction whose answer was lost."""

from typing import TYPE_CHECKING

from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Transaction
    from shotkit.mutate.locks import Begun

__all__ = ["outcome"]


def outcome(transaction: "Transaction", name: str, begun: "Begun", **parameters: object) -> bool | None:
    """Return whether it was kept, by the rows that mutate/`name` looks at, else by its number.

    None where that cannot be told. To be asked under the lock that the lost transaction held.
    """
    [found] = transaction.rows(statement(f"mutate/{name}"), xid=begun.xid, **parameters)
    if found["found"] or found["untouched"]:
        return not found["untouched"]
    if found["status"] != "committed":
        return {"aborted": False}.get(found["status"])
    [number] = transaction.rows(statement("mutate/given_anew"), **begun._asdict())
    return {True: False, False: True}.get(number["given_anew"])
