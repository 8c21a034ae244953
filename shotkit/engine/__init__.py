"""The only layer that imports a database driver: addresses, the embedded server, PostgreSQL connections."""

from shotkit.engine.address import Address, resolve
from shotkit.engine.postgres import Database, Transaction

__all__ = ["Address", "Database", "Transaction", "resolve"]
