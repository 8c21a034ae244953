"""From an address, or none, to a database whose schema is there: the embedded one gets what it lacks."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

from shotkit.engine import open_database, resolve
from shotkit.schema.migrations import push

if TYPE_CHECKING:
    from pathlib import Path

    from shotkit.engine import Database

__all__ = ["open_ready"]


def open_ready(url: "str | Path | None" = None, *, read_only: bool = False, **identity: Any) -> "Database":
    """Open as `open_database` does, with the pending migrations of the embedded database applied."""
    is_owner = not read_only and all(each is None for each in identity.values())
    if resolve(url).embedded and not is_owner:
        # Whom the caller acts as may not change the schema.
        with closing(open_database()) as owner:
            push(owner)
    database = open_database(url, read_only=read_only, **identity)
    if database.embedded and is_owner:
        try:
            push(database)
        except BaseException:
            database.close()
            raise
    return database
