"""Stands up in a scratch server the schema of another database, with stubs for what it leans on."""

from typing import TYPE_CHECKING

from shotkit.engine.dump import restore_schema
from shotkit.errors import SchemaMismatchError
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.engine.scratch import Scratch

__all__ = ["make_schema", "stand_up"]

_NEEDED = ["generations", "projects", "shot_generations", "shots", "users"]


def stand_up(database: "Database", schema: str, server: "Scratch") -> tuple[str, ...]:
    """Make `schema` in the scratch server; return the triggers of `database` that could not be made there.

    Raises SchemaMismatchError also for triggers whose functions are of the schema.
    """
    refused = make_schema(database, schema, server)
    left_out = _missing_triggers(database, server.open(), refused)
    with server.open(guest=True).transaction() as transaction:
        transaction.execute(statement("prove/loosen"))
    return left_out


def make_schema(database: "Database", schema: str, server: "Scratch") -> list[str]:
    """Make `schema` in the scratch server, with stubs for what it leans on; return what was refused there.

    Raises SchemaMismatchError where the tables of the shots are missing.
    """
    owner = server.open()
    with owner.transaction() as transaction:
        transaction.execute(statement("prove/stubs"))
        for needed in database.rows(statement("prove/surroundings")):
            transaction.execute(statement("prove/stub"), **needed)
    refused = restore_schema(server.address(guest=True), schema)
    _check_tables(owner, refused)
    return refused


def _check_tables(owner: "Database", refused: list[str]) -> None:
    there = {row["name"] for row in owner.rows(statement("prove/tables"), names=_NEEDED)}
    if missing := [name for name in _NEEDED if name not in there]:
        raise SchemaMismatchError(
            f"The schema has no {', '.join(missing)}, or it could not be made in a scratch server"
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
