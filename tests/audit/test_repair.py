"""Repairs: only what was reported, from the links as they now are, locked first; or a refusal."""

import json
from contextlib import closing
from importlib import import_module
from threading import Thread

import psycopg
import pytest

from shotkit.audit import apply, plan, run
from shotkit.audit.repair import batches, mend
from shotkit.audit.repair.batches import OutdatedError
from shotkit.engine.duckdb import DuckDatabase
from shotkit.errors import (
    ConfigurationError,
    NotPermittedError,
    QueryTimeoutError,
    ReadOnlyError,
    ShotkitError,
    WriteNotStoredError,
)
from shotkit.snapshot import take
from tests.audit.conftest import LINKS, drift, findings
from tests.audit.world import G, S, right_documents

THROUGH_A_POOLER = True

UNDO = """
    if pg_trigger_depth() = 1 then
        update generations set shot_data = '{}' where id = new.id;
    end if;
    return null;
"""


@pytest.fixture
def drifted(world):
    return drift(world)


@pytest.fixture
def report(drifted, db):
    reported = run(db, "0001")
    assert set(reported.findings["generation_id"]) == set(G[:3])
    return reported


def test_the_plan_shows_what_would_be_written_and_writes_nothing(drifted, db, report):
    before = drifted.hashes()
    planned = plan(db, report)
    assert drifted.hashes() == before
    assert repr(planned) == "<Repair of 3 generations, not written>"
    rows = planned.changes.to_dict("records")
    assert [row["generation_id"] for row in rows] == G[:3]
    assert rows[1]["stored"] == "[1]"
    assert json.loads(rows[0]["expected"]) == {S[0]: [0, 5], S[1]: [None]}
    assert {str(dtype) for dtype in planned.changes.dtypes} == {"string[pyarrow]"}


def test_of_more_findings_than_a_report_holds_the_first_are_repaired_and_the_rest_is_told(
    drifted, db, monkeypatch
):
    drifted.store(G[2], json.dumps({S[2]: [20], "x": [1], "y": [1]}))
    assert list(run(db, "0001").findings["generation_id"]) == [G[0], G[0], G[1], G[2], G[2]]
    monkeypatch.setattr(import_module("shotkit.audit.run"), "MOST", 4)
    told = ("0001_shot_data_matches_links", "", "of its findings only the first 4 were read; repair again")
    first = apply(db, run(db, "0001"))
    assert set(first.changes["generation_id"]) == set(G[:2])
    reasons = first.refused[["audit", "key", "reason"]].itertuples(index=False, name=None)
    assert told in set(reasons)
    of_the_last = first.refused[first.refused["generation_id"] == G[2]]
    assert set(of_the_last["reason"]) == {"the report has not all that was found of it; repair again"}
    second = apply(db, run(db, "0001"))
    assert set(second.changes["generation_id"]) == {G[2]}
    assert second.refused.empty
    assert findings(db) == set()


def test_one_generation_with_more_findings_than_a_report_holds_is_repaired(world, db, monkeypatch):
    world.build(right_documents(G, LINKS), LINKS)
    world.store(G[1], json.dumps({f"x{number}": [number] for number in range(9)}))
    whole = run(db, "0001")
    assert set(whole.findings["generation_id"]) == {G[1]}
    monkeypatch.setattr(import_module("shotkit.audit.run"), "MOST", 4)
    report = run(db, "0001")
    assert len(report.findings) == 4
    world.store(G[1], json.dumps({f"x{number}": [99] for number in range(9)}))
    assert apply(db, report).changes.empty, "what is not as reported any more is refused"
    repaired = apply(db, run(db, "0001"))
    [change] = repaired.changes.to_dict("records")
    assert (change["generation_id"], json.loads(change["stored"])["x8"]) == (G[1], [99])
    assert "repair again" in repaired.refused["reason"].iloc[0]
    assert findings(db) == set()
    assert apply(db, run(db, "0001")).refused.empty


def test_applied_is_what_was_planned_and_the_second_time_nothing(drifted, db, report):
    planned = plan(db, report)
    applied = apply(db, report)
    assert applied.changes.equals(planned.changes)
    assert applied.applied
    assert {g: drifted.stored(g) for g in G} == {
        g: json.loads(d) for g, d in right_documents(G, LINKS).items()
    }
    after = drifted.hashes()
    assert len(apply(db, report).changes) == 0
    assert drifted.hashes() == after


def test_only_what_was_reported_is_touched(drifted, db, report):
    drifted.store(G[3], "{}")
    before = drifted.hashes()
    apply(db, report)
    after = drifted.hashes()
    assert {g for g in G if before[g] != after[g]} == set(G[:3])
    assert {generation for generation, _, _ in findings(db)} == {G[3]}


def test_what_was_mended_meanwhile_is_left_alone(drifted, db, report):
    drifted.store(G[0], right_documents(G, LINKS)[G[0]])
    before = drifted.hashes()
    assert list(apply(db, report).changes["generation_id"]) == G[1:3]
    assert drifted.hashes()[G[0]] == before[G[0]]


def test_where_links_changed_since_the_report_it_is_refused_and_the_others_are_repaired(drifted, db, report):
    drifted.link(G[0], S[4], 3)
    before = drifted.hashes()
    repaired = apply(db, report)
    assert list(repaired.changes["generation_id"]) == G[1:3]
    assert {key[:36] for key in repaired.refused["key"]} == {G[0]}
    assert set(repaired.refused["reason"]) == {"it is not as the audit found it any more; audit again"}
    assert repr(repaired) == "<Repair of 2 generations, written; 3 findings refused>"
    assert drifted.hashes()[G[0]] == before[G[0]]
    apply(db, run(db, "0001"))
    assert drifted.stored(G[0]) == {S[0]: [0, 5], S[1]: [None], S[4]: [3]}
    assert findings(db) == set()


def test_a_cell_that_drifted_since_the_report_is_refused_even_where_another_was_reported(drifted, db, report):
    drifted.store(G[2], json.dumps({S[2]: [21], "x": [1]}))
    assert {key[:36] for key in apply(db, report).refused["key"]} == {G[2]}


def test_null_is_not_made_an_empty_object(drifted, db, report):
    drifted.connection.execute("delete from shot_generations where generation_id = %s", [G[1]])
    drifted.store(G[1], None)
    apply(db, report)
    assert drifted.stored(G[1]) is None


def test_a_generation_deleted_since_is_passed_by(drifted, db, report):
    drifted.connection.execute("delete from generations where id = %s", [G[1]])
    assert list(apply(db, report).changes["generation_id"]) == [G[0], G[2]]


def test_a_clean_report_changes_nothing_even_read_only(world, db, opened):
    world.build(right_documents(G, LINKS), LINKS)
    assert len(apply(opened(read_only=True), run(db, "0001")).changes) == 0


def test_more_than_a_batch_is_repaired_in_several(drifted, db, report, monkeypatch):
    monkeypatch.setattr(mend, "BATCH", 2)
    assert list(apply(db, report).changes["generation_id"]) == G[:3]
    assert findings(db) == set()


def test_a_later_batch_that_fails_tells_what_stays_repaired(drifted, db, report, monkeypatch):
    monkeypatch.setattr(mend, "BATCH", 2)
    drifted.connection.execute(
        _trigger("before", f"if new.id = '{G[2]}' then raise 'not this one'; end if; return new;")
    )
    with pytest.raises(ShotkitError, match=r"not this one.* 2 generations were written and stay so"):
        apply(db, report)
    assert {generation for generation, _, _ in findings(db)} == {G[2]}


@pytest.mark.parametrize(
    ("timing", "body"),
    [
        ("before", "new.shot_data := old.shot_data; return new;"),
        ("before", "return null;"),
        ("before", "new.shot_data := new.shot_data || '{\"y\": [1]}'; return new;"),
        ("after", UNDO),
    ],
)
def test_what_the_database_does_not_keep_is_an_error_and_nothing_is_written(
    drifted, db, report, timing, body
):
    drifted.connection.execute(_trigger(timing, body))
    before = drifted.hashes()
    with pytest.raises(WriteNotStoredError, match="did not keep"):
        apply(db, report)
    assert drifted.hashes() == before


def _trigger(timing: str, body: str) -> str:
    return f"""
        create function public.spoiler() returns trigger language plpgsql as $$ begin {body} end $$;
        create trigger spoiler {timing} update on generations for each row execute function public.spoiler();
    """


def test_a_read_only_connection_is_refused(drifted, report, opened):
    before = drifted.hashes()
    with pytest.raises(ReadOnlyError):
        apply(opened(read_only=True), report)
    assert drifted.hashes() == before


def test_a_role_that_may_only_read_is_refused(drifted, report, opened):
    drifted.connection.execute(
        "create role audit_reader bypassrls; grant usage on schema public to audit_reader;"
        "grant select on all tables in schema public to audit_reader"
    )
    before = drifted.hashes()
    try:
        with pytest.raises(NotPermittedError):
            apply(opened(role="audit_reader"), report)
    finally:
        drifted.connection.execute("drop owned by audit_reader; drop role audit_reader")
    assert drifted.hashes() == before


def test_a_generation_that_a_policy_keeps_from_being_written_is_refused(drifted, report, opened):
    drifted.connection.execute(f"""
        create role audit_limited; grant usage on schema public to audit_limited;
        grant select, update on all tables in schema public to audit_limited;
        alter table shot_generations disable row level security;
        alter table generations enable row level security;
        create policy seen on generations for select to audit_limited using (true);
        create policy written on generations for update to audit_limited using (id <> '{G[1]}')
    """)
    before = drifted.hashes()
    try:
        with pytest.raises(NotPermittedError, match=f"not change 1 generations, such as {G[1]}"):
            apply(opened(role="audit_limited"), report)
    finally:
        drifted.connection.execute("drop owned by audit_limited; drop role audit_limited")
    assert drifted.hashes() == before


def test_where_scalars_are_the_rule_they_are_rebuilt_where_a_shot_holds_it_once(world, db):
    world.scalars_rule()
    links = [(G[0], S[0], 2), (G[0], S[1], None), (G[1], S[0], 5), (G[2], S[0], 0), (G[2], S[0], 9)]
    wrong, twice = json.dumps({S[0]: 1, S[2]: 7}), json.dumps({S[0]: 9})
    world.build({G[0]: wrong, G[1]: json.dumps({S[0]: 5}), G[2]: twice}, links)
    before = world.hashes()
    report = run(db, "0001")
    for act in (plan, apply):
        repaired = act(db, report)
        assert list(repaired.changes["generation_id"]) == [G[0]]
        assert list(repaired.refused["key"]) == [f"{G[2]}/{S[0]}"]
        assert repaired.refused["reason"][0].startswith("a shot holds it twice")
    assert world.stored(G[0]) == {S[0]: 2, S[1]: None}
    assert {g for g, each in world.hashes().items() if before[g] != each} == {G[0]}
    assert findings(db) == {(G[2], S[0], "miscounted")}


def test_without_any_entry_lists_are_the_rule(world, db):
    world.scalars_rule()
    world.build({G[0]: "{}"}, [(G[0], S[0], 1)])
    apply(db, run(db, "0001"))
    assert world.stored(G[0]) == {S[0]: [1]}


def test_a_repair_waits_for_a_writer_and_sees_that_the_links_changed(drifted, db, report, database):
    with psycopg.connect(database) as writer:
        writer.execute("set session_replication_role = replica")
        writer.execute("select from generations where id = %s for no key update", [G[0]])
        writer.execute(
            "insert into shot_generations (generation_id, shot_id, timeline_frame) values (%s, %s, 77)",
            (G[0], S[5]),
        )
        repairing = Thread(target=apply, args=(db, report))
        repairing.start()
        waits = (
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        )
        while repairing.is_alive() and not drifted.connection.execute(waits).fetchone():
            pass
        assert repairing.is_alive(), "it did not wait"
        writer.commit()
        repairing.join()
    assert drifted.stored(G[0]) == {}
    assert findings(db) == {(G[0], shot, "missing") for shot in (S[0], S[1], S[5])}


def test_a_lock_that_stays_is_an_error_and_no_generation_is_skipped(
    drifted, db, report, database, monkeypatch
):
    monkeypatch.setattr(batches, "LOCK_TIMEOUT", "10ms")
    monkeypatch.setattr(batches, "ATTEMPTS", 2)
    before = drifted.hashes()
    with psycopg.connect(database) as holder:
        holder.execute("select from generations where id = %s for no key update", [G[2]])
        with pytest.raises(QueryTimeoutError, match="lock timeout"):
            apply(db, report)
    assert drifted.hashes() == before


def test_a_lock_that_goes_is_waited_for(drifted, db, report, database, monkeypatch):
    monkeypatch.setattr(batches, "LOCK_TIMEOUT", "10ms")
    with psycopg.connect(database) as holder:
        holder.execute("select from generations where id = %s for no key update", [G[2]])
        monkeypatch.setattr(batches.time, "sleep", lambda _: holder.rollback())
        assert len(apply(db, report).changes) == 3


def test_what_changes_under_every_attempt_is_an_error_in_the_end(drifted, db, report, monkeypatch):
    monkeypatch.setattr(batches, "_PAUSE", 0)
    lock = mend.locked

    def lock_then_link(transaction, ids, *, variants):
        found = lock(transaction, ids, variants=variants)
        drifted.link(G[0], S[5], 1)
        return found

    monkeypatch.setattr(mend, "locked", lock_then_link)
    with pytest.raises(OutdatedError):
        apply(db, report)
    assert len(findings(db)) == 5


def test_a_snapshot_is_never_repaired(drifted, db, report, tmp_path):
    snapshot = take(db, tmp_path / "snapshot")
    with closing(DuckDatabase(snapshot)) as opened_snapshot:
        for act in (plan, apply):
            with pytest.raises(ConfigurationError, match="never repaired"):
                act(opened_snapshot, report)


def test_the_report_of_a_snapshot_repairs_the_database_where_that_has_not_changed(drifted, db, tmp_path):
    with closing(DuckDatabase(take(db, tmp_path / "snapshot"))) as snapshot:
        report = run(snapshot, "0001")
    drifted.link(G[0], S[4], 3)
    repaired = apply(db, report)
    assert list(repaired.changes["generation_id"]) == G[1:3]
    assert {key[:36] for key in repaired.refused["key"]} == {G[0]}
