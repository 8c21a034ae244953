"""Compares a shot's entries in shot_data with its links after a write, and mends what a trigger skipped."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from shotkit.errors import WriteNotStoredError
from shotkit.mutate.locks import array
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Answer, Transaction

__all__ = ["compare", "heal", "mend"]


def heal(transaction: "Transaction", shot_id: str, generation_ids: Collection[str]) -> None:
    """Make shot_data of these generations, which are locked, say of the shot what their links say."""
    if generation_ids:
        mend(transaction, shot_id, compare(transaction, shot_id, generation_ids))


def compare(
    transaction: "Transaction", shot_id: str, generation_ids: Iterable[str], link_ids: Iterable[str] = ()
) -> "Answer":
    """Ask which of these locked generations, or of those of these links, say otherwise in shot_data."""
    asked = {"generation_ids": array(generation_ids), "link_ids": array(link_ids)}
    return transaction.run(statement("mutate/differing"), shot_id=shot_id, **asked)


def mend(transaction: "Transaction", shot_id: str, compared: "Answer") -> None:
    """Make shot_data of the generations that `compared` found say of the shot what their links say."""
    if not (wrong := dict(compared.tuples())):
        return
    transaction.execute(
        statement("mutate/heal"), shot_id=shot_id, generation_ids=list(wrong), frames=list(wrong.values())
    )
    if still := dict(compare(transaction, shot_id, wrong).tuples()):
        raise WriteNotStoredError(
            f"shot_data of {len(still)} generations, such as {min(still)}, does not take what the links say; "
            "look for a trigger on generations that changes it. The change was rolled back."
        )
