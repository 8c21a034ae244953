"""One transaction in a database's place: what is done in it together is rolled back at the end."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from shotkit.sql import statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shotkit.engine import Database, Transaction
    from shotkit.sql import Statement

__all__ = ["rehearsed"]

_Result = TypeVar("_Result")


def rehearsed(database: "Database", work: "Callable[[Database], _Result]") -> _Result:
    """Return what `work` returns of a scratch database that afterwards is as it was before."""
    with database.transaction() as transaction:
        result = work(cast("Database", _Rehearsal(transaction)))
        transaction.execute(statement("self_test/rollback"))
    return result


@dataclass(frozen=True)
class _Rehearsal:
    """As much of a Database as audits and planting take; its transactions are all the one."""

    open: "Transaction"
    engine: Literal["postgres"] = "postgres"
    is_scratch: bool = True
    partial: frozenset[str] = frozenset()

    def rows(self, statement: "Statement", **parameters: object) -> list[dict[str, Any]]:
        """Return the rows as dicts."""
        return self.open.rows(statement, **parameters)

    @contextmanager
    def transaction(self, **_: bool) -> "Iterator[Transaction]":
        """Give the one transaction."""
        yield self.open
