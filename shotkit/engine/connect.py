"""From an address, or none, to a database that answers."""

from pathlib import Path
from typing import cast

from shotkit.engine import embedded
from shotkit.engine.address import resolve
from shotkit.engine.duckdb import DuckDatabase
from shotkit.engine.keys import with_password
from shotkit.engine.postgres import Database
from shotkit.engine.snapshot import Snapshot
from shotkit.errors import ConfigurationError

__all__ = ["open_database"]


def open_database(  # noqa: PLR0913  each is a keyword that says whom to act as, and how
    url: str | Path | None = None,
    *,
    user_id: str | None = None,
    role: str | None = None,
    jwt: str | None = None,
    jwt_secret: str | None = None,
    read_only: bool = False,
) -> Database:
    """Open the database that `url` or the environment names, else the embedded one, which is started.

    `user_id` acts as that user under row level security, `role` as that role, `jwt` as a token's bearer; with
    `read_only` the server refuses every write. `url` may be the folder of a snapshot, which is read-only.
    What is wrong with the address or the identity is told here, not at the first query.
    """
    address = resolve(url)
    if address.folder:
        if user_id or role or jwt:
            raise ConfigurationError(
                "A snapshot knows no users and roles to act as; take one as that user, and open it as nobody."
            )
        # It has the half of Database that reads, and refuses the other with ReadOnlyError.
        return cast("Database", DuckDatabase(Snapshot(address.folder)))
    if address.embedded:
        address = embedded.start()
    database = Database(
        with_password(address),
        user_id=user_id,
        role=role,
        jwt=jwt,
        jwt_secret=jwt_secret,
        read_only=read_only,
        embedded=address.embedded,
        pooled=address.pooled,
    )
    try:
        database.verify()
    except BaseException:
        database.close()
        raise
    return database
