"""Each policy holds something: without it, or with it loosened, the matrix of roles comes out otherwise."""

from collections.abc import Iterator

import pytest

from tests.roles.scene import Outcome, Scene
from tests.roles.tries import FORBIDDEN, TRIES

POLICIES = """
    select schemaname || '.' || tablename, policyname, qual, with_check from pg_policies
    where schemaname in ('public', 'storage') order by 1, 2
"""
#: Who meets a policy at all, in the order in which they are asked.
CALLERS = ("owner", "another user", "anonymous")

Case = tuple[str, ...]


def cases(table: str) -> dict[Case, str]:
    """The part of the matrix that asks of one table."""
    ways = TRIES[table].items()
    found = {(caller, *way): text for caller in CALLERS for way, text in ways}
    name = table.partition(".")[2]
    return found | {("another user", text): text for text in FORBIDDEN if f" {name} " in text}


def broken(table: str, policy: str, using: str | None, check: str | None) -> dict[str, str]:
    """Every way to break a policy: by how, the statement."""
    ways = {"dropped": f"drop policy {policy} on {table}"}
    if using not in (None, "true"):
        ways["open to read"] = f"alter policy {policy} on {table} using (true)"
    if check is not None:
        ways["open to write"] = f"alter policy {policy} on {table} with check (true)"
    return ways


def differing(scene: Scene, usual: dict[Case, Outcome], statement: str, table: str) -> Iterator[Outcome]:
    """What comes out otherwise after a statement, which is taken back."""
    with scene.connection.transaction(force_rollback=True):
        scene.connection.execute(statement)
        for case, text in cases(table).items():
            if (outcome := scene.attempt(case[0], text)) != usual[case]:
                yield outcome


@pytest.fixture(scope="module")
def usual(scene: Scene) -> dict[str, dict[Case, Outcome]]:
    """What comes out by table, with all policies as they are."""
    return {
        table: {case: scene.attempt(case[0], text) for case, text in cases(table).items()} for table in TRIES
    }


def test_each_policy_that_is_dropped_or_loosened_is_noticed(scene: Scene, usual):
    policies = scene.connection.execute(POLICIES).fetchall()
    assert {table for table, *_ in policies} == set(TRIES)
    unnoticed = [
        (policy, how)
        for table, policy, using, check in policies
        for how, statement in broken(table, policy, using, check).items()
        if not any(True for _ in differing(scene, usual[table], statement, table))
    ]
    assert unnoticed == []


@pytest.mark.parametrize("table", [table for table in TRIES if table != "storage.buckets"])
def test_a_table_without_row_level_security_is_escaped_from(scene: Scene, usual, table):
    statement = f"alter table {table} disable row level security"
    assert any(outcome.escaped for outcome in differing(scene, usual[table], statement, table))
