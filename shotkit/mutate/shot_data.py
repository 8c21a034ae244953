"""Compares a shot's entries in shot_data with its links after a write, and mends what a trigger skipped."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shotkit.errors import WriteNotStoredError
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Transaction

__all__ = ["heal"]


def heal(transaction: "Transaction", shot_id: str, generation_ids: Sequence[str]) -> None:
    """Make shot_data of these generations, which are locked, say of the shot what their links say."""
    if not generation_ids or not (wrong := _differing(transaction, shot_id, generation_ids)):
        return
    transaction.execute(
        statement("mutate/heal"), shot_id=shot_id, generation_ids=list(wrong), frames=list(wrong.values())
    )
    if still := _differing(transaction, shot_id, list(wrong)):
        raise WriteNotStoredError(
            f"shot_data of {len(still)} generations, such as {min(still)}, does not take what the links say; "
            "look for a trigger on generations that changes it. The change was rolled back."
        )


def _differing(transaction: "Transaction", shot_id: str, ids: Sequence[str]) -> dict[str, str | None]:
    rows = transaction.rows(statement("mutate/differing"), shot_id=shot_id, generation_ids=list(ids))
    return {row["id"]: row["frames"] for row in rows}
