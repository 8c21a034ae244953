"""What the tests of the journal share: a journal in a folder of its own, and entries for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shotkit.journal import Entry, Journal

DATABASE = "host=/nowhere dbname=film_scratch"
SHOT = "00000000-0000-4000-8000-000000005407"


class Change:
    """A change as stored, or one that wrote nothing."""

    def __init__(self, undo: str | None = '{"of": "shot"}', xid: str | None = "7") -> None:
        self.undo = undo
        self.xid = xid


def entry(code: str = "shot.normalize()", **columns: Any) -> Entry:
    given = {"kind": "shot", "database": DATABASE, "identity": "", "shot_id": SHOT} | columns
    return Entry(given.pop("op_id", str(uuid4())), code=code, **given)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


@pytest.fixture
def journal(path: Path):
    opened = Journal(path)
    yield opened
    opened.close()


@pytest.fixture
def done(journal: Journal) -> Callable[..., str]:
    """Notes a change that is stored; returns its op id."""

    def note(code: str = "shot.normalize()", change: Change | None = None, **columns: Any) -> str:
        one = entry(code, **columns)
        journal.begin(one)
        journal.settle(one.op_id, change or Change())
        return one.op_id

    return note
