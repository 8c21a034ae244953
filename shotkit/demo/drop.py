"""Drops the demo's projects with all that is in them, so that a fill begins anew; nothing else goes."""

from typing import TYPE_CHECKING

from shotkit.demo.bulk import PER_PROJECT
from shotkit.demo.fill import SIZES
from shotkit.demo.names import identity
from shotkit.demo.story import tell
from shotkit.errors import ConfigurationError
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["drop"]


def drop(database: "Database") -> int:
    """Drop the demo of any size from an embedded or scratch database; return how many projects went.

    What was added to its projects goes too. Its users stay, without ledger and credits; so do its pictures.
    """
    if not database.is_scratch:
        raise ConfigurationError(
            f"The demo is dropped from an embedded database, or one whose name ends in _scratch; "
            f"{database.database_name!r} is neither."
        )
    story = tell().chunk
    bulk = range((SIZES["large"] - SIZES["small"]) // PER_PROJECT)
    projects = [project.id for project in story.projects] + [identity("bulk", number) for number in bulk]
    with database.transaction() as transaction:
        transaction.execute(statement("demo/ledger_opened"))
        transaction.execute(statement("demo/drop_ledger"), users=[user.id for user in story.users])
        transaction.execute(statement("demo/ledger_closed"))
        return transaction.execute(statement("demo/drop_projects"), projects=projects)
