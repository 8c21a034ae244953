"""The engines beside PostgreSQL: `elsewhere` opens a database's snapshot on each, to be held against it.

`shotkit_audit` is the command.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from shotkit.audit import Report
from shotkit.cli import main
from shotkit.engine import Database, DuckDatabase, Snapshot
from shotkit.snapshot import take

OVER_A_SNAPSHOT = {"duckdb": DuckDatabase}
Elsewhere = Callable[[Database], DuckDatabase]


@pytest.fixture(params=OVER_A_SNAPSHOT)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Elsewhere]:
    """Takes a snapshot of a database, anew each time it is asked, and opens it on the engine."""
    made: list[DuckDatabase] = []
    numbers = count()

    def over_snapshot(database: Database) -> DuckDatabase:
        for earlier in made:
            earlier.close()
        take(database, folder := tmp_path / str(next(numbers)))
        made[:] = [OVER_A_SNAPSHOT[request.param](Snapshot(folder))]
        return made[0]

    yield over_snapshot
    for last in made:
        last.close()


def assert_same(found: Report, expected: Report) -> None:
    """Hold two reports against each other: each column of each finding, their order, what was covered."""
    assert found.findings.to_dict("records") == expected.findings.to_dict("records")
    for of_run in ("audit", "level", "examined", "findings"):
        assert [getattr(ran, of_run) for ran in found.audits] == [
            getattr(ran, of_run) for ran in expected.audits
        ]
    assert _covered(found) == _covered(expected)


def _covered(report: Report) -> tuple[object, ...]:
    seen = report.coverage
    reasons = [each["reason"].replace("the snapshot", "the database") for each in seen["skipped"]]
    return seen["generations"], seen["links"], [each["audit"] for each in seen["skipped"]], reasons


@pytest.fixture
def shotkit_audit(monkeypatch, capsys):
    """Runs `shotkit audit ARGUMENTS`; returns its exit code, stdout and stderr."""

    def audit(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["shotkit", "audit", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return audit
