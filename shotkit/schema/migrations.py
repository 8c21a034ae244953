"""Applies sql/migrations/ in order (first draft)."""

from shotkit import sql
from shotkit.engine import Database


def push(database: Database) -> list[str]:
    """Apply the pending migrations; return their names."""
    done = []
    for path in sql.names("migrations"):
        with database.transaction() as transaction:
            transaction.execute(sql.statement(path))
        done.append(path)
    return done
