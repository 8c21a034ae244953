"""What cannot be compared is told, never passed over: hidden rows, other types, what one side lacks."""

import psycopg
import pytest

from shotkit.compare import compare
from tests.compare.conftest import found


@pytest.fixture
def user(copied) -> str:
    """The demo's user, who sees his own rows alone."""
    with psycopg.connect(copied) as connection:
        return connection.execute("select user_id::text from projects limit 1").fetchone()[0]


def test_a_part_is_not_compared_with_the_whole(opened, copied, demo_snapshot, snapshot_of, user):
    part, whole = opened(copied, user_id=user), opened(demo_snapshot)
    taken = opened(snapshot_of(copied, user_id=user))
    for here, there in ((part, whole), (whole, part), (taken, whole), (whole, taken)):
        comparison = compare(here, there)
        assert comparison.tables == ()
        assert {each.table for each in comparison.skipped} >= {"shots", "generations", "shot_generations"}
        hidden = [each.reason for each in comparison.skipped if each.table == "shots"]
        name = (part if part in (here, there) else taken).name
        assert hidden == [f"row level security shows only a part of it in {name}"]
        assert not comparison.ok


def test_one_user_s_part_is_compared_with_his_part(opened, copied, snapshot_of, user):
    part, taken = opened(copied, user_id=user), opened(snapshot_of(copied, user_id=user))
    comparison = compare(part, taken)
    assert found(comparison) == []
    assert {"shots", "generations"} <= {each.table for each in comparison.tables}
    other = "00000000-0000-0000-0000-000000000001"
    assert compare(opened(copied, user_id=other), taken).tables == ()


def test_columns_and_tables_that_differ_in_kind_or_are_missing_are_told(copy, copied, opened, demo_snapshot):
    copy.execute("drop table credits_ledger cascade")
    copy.execute("alter table shots drop column aspect_ratio, add column mood text")
    copy.execute("alter table tasks drop column dependant_on, add column dependant_on uuid")
    copy.execute("alter table projects rename column id to number")
    live, snapshot = opened(copied), opened(demo_snapshot)
    comparison = compare(live, snapshot)
    said = {(each.table, each.column): each.reason for each in comparison.skipped}
    assert said == {
        ("credits_ledger", None): f"only {snapshot.name} has it",
        ("projects", None): f"{live.name} shows no id to tell its rows by",
        ("shots", "aspect_ratio"): f"only {snapshot.name} has it",
        ("shots", "mood"): f"only {live.name} has it",
        ("tasks", "dependant_on"): "it is uuid here and uuid[] there",
    }
    assert found(comparison) == []
    assert not comparison.ok
    assert "tasks.dependant_on: not compared, it is uuid here and uuid[] there" in repr(comparison)


def test_what_a_user_may_not_read_is_told(copy, copied, opened, demo_snapshot):
    copy.execute("revoke select on users, tasks from service_role")
    copy.execute("grant select (id, name, credits) on users to service_role")
    live = opened(copied, role="service_role")
    reasons = {
        (each.table, each.column): each.reason for each in compare(live, opened(demo_snapshot)).skipped
    }
    assert reasons["users", "email"] == f"it may not be read in {live.name}"
    assert reasons["tasks", None] == f"{live.name} shows no id to tell its rows by"
    assert ("users", "api_keys") not in reasons


def test_stores_without_a_table_in_common_are_told(opened, empty_database, demo_snapshot):
    comparison = compare(opened(empty_database), opened(demo_snapshot))
    assert len(comparison.skipped) == 8
    assert not comparison.ok
