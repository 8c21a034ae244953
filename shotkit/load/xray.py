"""What a user sees of a shot, and how much of it is hidden from him: told only to who sees all of it."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotkit.errors import ConfigurationError, NotFoundError, NotPermittedError
from shotkit.load.lacking import telling
from shotkit.load.phases import images_read, links_read, provisional
from shotkit.model.tables import frame
from shotkit.sql import statement

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from shotkit.engine import Database, Read, Transaction

__all__ = ["XRay", "load_xray"]

_KINDS = ("shots", "links", "generations", "variants")


@dataclass(frozen=True, repr=False)
class XRay:
    """A shot as one user sees it: phase 1, phase 2, and by kind how many rows he sees and how many not."""

    shot_id: str
    user_id: str
    images: "pd.DataFrame"
    links: "pd.DataFrame"
    seen: dict[str, int]
    hidden: dict[str, int]

    def __repr__(self) -> str:
        counts = ", ".join(f"{kind} {self.seen[kind]} ({self.hidden[kind]} hidden)" for kind in _KINDS)
        return f"<XRay of shot {self.shot_id} as user {self.user_id}: {counts}>"


@telling
def load_xray(database: "Database", shot_id: str, user_id: str) -> XRay:
    """Read a shot with all rights and as the user, both of one moment.

    NotPermittedError where row level security may hide rows from the connection itself.
    """
    if database.engine != "postgres":
        raise ConfigurationError("A snapshot knows no users; connect to the database itself.")
    with database.transaction(read_only=True, repeatable=True) as transaction:
        [rights] = transaction.rows(statement("load/hides_rows"))
        if rights["hides"]:
            raise NotPermittedError(
                "What is hidden from a user is told only to a connection that sees all rows; connect as the "
                "service or the owner of the tables, without user_id."
            )
        links = _read(transaction, links_read(shot_id))
        generations = sorted(set(links["generation_id"].to_pylist()))
        every = _ids(transaction, shot_id, generations)
        if not every["shots"]:
            raise NotFoundError(f"There is no shot {shot_id}; see kit.shots().")
        transaction.act_as(user_id)
        seen = _ids(transaction, shot_id, generations)
        read = images_read(shot_id)
        images = provisional(transaction.run(read.statement, **read.parameters).columns(read.schema))
        links = _read(transaction, links_read(shot_id))
    return XRay(shot_id, user_id, frame(images), frame(links), seen, {k: every[k] - seen[k] for k in _KINDS})


def _read(transaction: "Transaction", read: "Read") -> "pa.Table":
    return transaction.table(read.statement, read.schema, **read.parameters)


def _ids(transaction: "Transaction", shot_id: str, generation_ids: list[str]) -> dict[str, int]:
    rows = transaction.rows(statement("load/rows_of_shot"), shot_id=shot_id, generation_ids=generation_ids)
    return dict.fromkeys(_KINDS, 0) | Counter(row["kind"] for row in rows)
