"""What the tests of snapshots share: a snapshot of the demo under DuckDB, and statements of their own."""

from collections.abc import Iterator
from contextlib import closing
from typing import LiteralString

import pytest

from shotkit.engine import DuckDatabase, Snapshot
from shotkit.sql import Statement


def said(text: LiteralString) -> Statement:
    return Statement("test", "for a test.", {}, frozenset(), text)


@pytest.fixture
def duck(demo_snapshot: Snapshot) -> Iterator[DuckDatabase]:
    with closing(DuckDatabase(demo_snapshot)) as database:
        yield database
