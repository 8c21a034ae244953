"""What the tests of comparing share: the demo, a copy of it to change, and both under every engine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from shotkit.compare import Comparison
from shotkit.engine import Database, DuckDatabase, Snapshot
from shotkit.snapshot import take

Store = Database | DuckDatabase


@pytest.fixture
def copied(lend: Callable[..., str], filled_database: str) -> str:
    """The address of a copy of the demo, to be changed."""
    return lend("copied", conninfo_to_dict(filled_database)["dbname"])


@pytest.fixture
def copy(copied: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the copy, past its triggers."""
    with psycopg.connect(copied, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("alter table credits_ledger disable trigger user")  # of those that fire always
        yield connection


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens addresses and snapshots, each once; closes all at the end."""
    with ExitStack() as stack:

        @cache
        def open_it(place: str | Snapshot, **options: object) -> Store:
            made = DuckDatabase(place) if isinstance(place, Snapshot) else Database(place, **options)
            return stack.enter_context(closing(made))

        yield open_it


@pytest.fixture
def snapshot_of(tmp_path: Path) -> Callable[..., Snapshot]:
    """Takes a snapshot of an address."""

    numbers = count()

    def taken(address: str, **options: object) -> Snapshot:
        with closing(Database(address, **options)) as database:
            return take(database, tmp_path / str(next(numbers)))

    return taken


def found(comparison: Comparison) -> list[tuple[str, str, str, str | None]]:
    rows = comparison.differences.astype(object).where(comparison.differences.notna(), None)
    return list(rows.itertuples(index=False, name=None))
