"""Reads of whole tables, as Arrow from the server on, for what analysts do with everything at once."""

from typing import TYPE_CHECKING

import pyarrow as pa

from shotkit.model.tables import ALL_LINKS
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.sql import Statement

__all__ = ["InBulk", "load_links"]


class InBulk:
    """A database as a reader that reads in bulk."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def table(self, statement: "Statement", schema: pa.Schema, **parameters: object) -> pa.Table:
        """Return the statement's rows as an Arrow table of `schema`."""
        return self._database.bulk(statement, schema, **parameters)


def load_links(database: "Database", project_id: str | None) -> pa.Table:
    """Return a table of ALL_LINKS, of one project or of all."""
    return database.bulk(statement("load/links"), ALL_LINKS, project_id=project_id)
