"""From an address, or none, to a database that answers."""

from shotkit.engine import embedded
from shotkit.engine.address import resolve
from shotkit.engine.postgres import Database

__all__ = ["open_database"]


def open_database(
    url: str | None = None, *, user_id: str | None = None, role: str | None = None, read_only: bool = False
) -> Database:
    """Open the database that `url` or the environment names, else the embedded one, which is started.

    `user_id` acts as that user under row level security, `role` as that role; with `read_only` the server
    refuses every write. What is wrong with the address or the identity is told here, not at the first query.
    """
    address = resolve(url)
    if address.embedded:
        address = embedded.start()
    database = Database(
        address.conninfo, user_id=user_id, role=role, read_only=read_only, embedded=address.embedded
    )
    database.verify()
    return database
