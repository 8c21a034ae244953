"""Copies some projects of a database, whole and as stored, into a scratch server."""

from typing import TYPE_CHECKING

from shotkit.audit.flat import over_flat
from shotkit.errors import InvalidChangeError
from shotkit.prove.standing import make_schema
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction
    from shotkit.engine.scratch import Scratch

__all__ = ["copy_sample"]

_TABLES = (
    "users", "projects", "shots", "tasks", "generations", "generation_variants", "shot_generations",
    "credits_ledger",
)  # fmt: skip
_AT_ONCE = 500  # rows a statement: params are big


def copy_sample(database: "Database", server: "Scratch", generations: int, seed: int) -> int:
    """Copy projects with about so many generations, all of one snapshot; return how many came.

    In the copy stand no triggers but those of shotkit's own that keep shot_data in step with the links.
    """
    make_schema(database, database.schema(), server)
    copy = server.open(guest=True)
    with copy.transaction() as into, database.transaction(read_only=True, repeatable=True) as out:
        into.execute(statement("self_test/still"))
        if out.rows(over_flat("audit/circumstances", database.engine))[0]["arrays"]:
            into.execute(statement("self_test/lists"))
        ids = [
            row["id"] for row in out.rows(statement("self_test/sample"), seed=seed, generations=generations)
        ]
        if not ids:
            raise InvalidChangeError("There is no project to copy, and so no place for a fault.")
        into.execute(statement("demo/triggers_off"))
        copied = {table: _copy(out, into, table, ids) for table in _tables(out)}
        into.execute(statement("demo/triggers_on"))
        into.execute(statement("migrations/0003_shot_data_sync"))
    return copied["generations"]


def _tables(out: "Transaction") -> list[str]:
    there = {row["name"] for row in out.rows(statement("prove/tables"), names=list(_TABLES))}
    return [table for table in _TABLES if table in there]


def _copy(out: "Transaction", into: "Transaction", table: str, project_ids: list[str]) -> int:
    rows = [row["row"] for row in out.rows(statement(f"self_test/{table}"), project_ids=project_ids)]
    for start in range(0, len(rows), _AT_ONCE):
        some = f"[{','.join(rows[start : start + _AT_ONCE])}]"
        into.rows(statement("self_test/put"), table_name=table, rows=some)
    return len(rows)
