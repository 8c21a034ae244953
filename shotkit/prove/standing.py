"""Stands up in a scratch server the schema of another database, with stubs for what it leans on."""

from typing import TYPE_CHECKING

from shotkit.engine.dump import restore_schema
from shotkit.errors import SchemaMismatchError
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.engine.scratch import Scratch

__all__ = ["stand_up"]

_NEEDED = {"users", "projects", "shots", "shot_generations", "generations"}


def stand_up(database: "Database", schema: str, server: "Scratch") -> tuple[str, ...]:
    """Make `schema` in the scratch server; return the triggers of `database` that could not be made there.

    Raises SchemaMismatchError where tables are missing, or triggers whose functions are of the schema.
    """
    owner = server.open()
    with owner.transaction() as transaction:
        transaction.execute(statement("prove/stubs"))
        for needed in database.rows(statement("prove/surroundings")):
            transaction.execute(statement("prove/stub"), **needed)
    refused = restore_schema(server.address(guest=True), schema)
    _check_tables(owner, refused)
    left_out = _missing_triggers(database, owner, refused)
    with server.open(guest=True).transaction() as transaction:
        transaction.execute(statement("prove/loosen"))
    return left_out


def _check_tables(owner: "Database", refused: list[str]) -> None:
    if missing := _NEEDED - {row["name"] for row in owner.rows(statement("prove/tables"))}:
        raise SchemaMismatchError(
            f"The schema has no {', '.join(sorted(missing))}, or it could not be made in a scratch server"
            f"{_because(refused)}. There is nothing to prove."
        )


def _missing_triggers(database: "Database", owner: "Database", refused: list[str]) -> tuple[str, ...]:
    made = {row["name"] for row in owner.rows(statement("prove/triggers"))}
    missing = [row for row in database.rows(statement("prove/triggers")) if row["name"] not in made]
    if own := [row["name"] for row in missing if row["is_own"]]:
        raise SchemaMismatchError(
            f"The triggers {', '.join(own)} could not be made in a scratch server{_because(refused)}; "
            "without them nothing is proven."
        )
    return tuple(row["name"] for row in missing)


def _because(refused: list[str]) -> str:
    return f": {refused[0]}" if refused else ""
