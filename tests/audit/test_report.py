"""What a run of the audits hands back: data frame, JSON, repr, HTML, coverage; under a user's rights."""

import json
from collections.abc import Iterator
from contextlib import closing

import pandas as pd
import psycopg
import pytest

import shotkit
from shotkit.audit import REPAIRABLE, Report, apply, plan, run
from shotkit.audit.report import COLUMNS
from shotkit.engine import Database, DuckDatabase, Snapshot, Transaction
from shotkit.errors import NotPermittedError
from shotkit.snapshot import take
from tests.audit.conftest import findings, found
from tests.audit.world import OTHER_PROJECT, PROJECT, G, S, right_documents

LINKS = [(G[0], S[0], 0), (G[1], S[0], 81), (G[1], S[1], None)]


@pytest.fixture
def clean(world):
    world.build(right_documents(G, LINKS), LINKS)
    return world


def test_findings_are_text_in_arrow_with_the_columns_of_a_finding(clean, db):
    for report in (run(db, "0001"), _broken(clean, db)):
        assert list(report.findings.columns) == list(COLUMNS)
        assert {str(dtype) for dtype in report.findings.dtypes} == {"string[pyarrow]"}
        assert all(isinstance(dtype, pd.ArrowDtype) for dtype in report.findings.dtypes)


def test_a_finding_says_where_what_is_stored_and_what_is_expected(clean, db):
    clean.store(G[1], f'{{"{S[0]}": [80]}}')
    first, second = run(db, "0001").findings.to_dict("records")
    assert first | {"detail": ...} == {
        "audit": "0001_shot_data_matches_links", "level": "error", "verdict": "different",
        "key": f"{G[1]}/{S[0]}", "project_id": PROJECT, "shot_id": S[0],
        "generation_id": G[1], "variant_id": None,
        "stored": "[80]", "expected": "[81]", "detail": ...,
    }  # fmt: skip
    assert (second["verdict"], second["stored"], second["expected"]) == ("missing", None, "[null]")


def test_json_has_schema_1_whole(clean, db):
    written = json.loads(_broken(clean, db).to_json())
    assert written.pop("audits") == [
        {
            "audit": "0001_shot_data_matches_links", "level": "error",
            "examined": len(G), "findings": 2, "seconds": pytest.approx(0, abs=60),
        }
    ]  # fmt: skip
    rows = written.pop("findings")
    assert [cause["generation_id"] for cause in written.pop("causes")] == [G[1]]
    assert written == {
        "schema": 1,
        "shotkit": shotkit.__version__,
        "engine": "postgres",
        "coverage": {"generations": len(G), "links": len(LINKS), "skipped": []},
        "baseline": None,
    }
    assert [list(row) for row in rows] == [list(COLUMNS)] * 2
    assert [row["shot_id"] for row in rows] == [S[1], "<b>\x1b[31m"]
    assert rows[0]["variant_id"] is None


def test_json_of_a_clean_report_has_no_findings(clean, db):
    assert json.loads(run(db, "0001").to_json())["findings"] == []


def test_the_repr_is_the_same_on_every_run(clean, db):
    assert (
        repr(run(db, "0001"))
        == f"<Report: {len(G)} generations, 3 links>\n0001_shot_data_matches_links: clean"
    )
    assert repr(_broken(clean, db)).endswith("2 found: 1 malformed, 1 missing")


def test_findings_come_in_the_same_order_on_every_run(clean, db):
    for generation in reversed(G[2:]):
        clean.store(generation, f'{{"b": 0, "B": 0, "a": 0, "{S[5]}": [0]}}')
    first, second = run(db, "0001").findings, run(db, "0001").findings
    pd.testing.assert_frame_equal(first, second)
    assert list(first["generation_id"]) == sorted(first["generation_id"])
    assert list(first["shot_id"][:4]) == [S[5], "B", "a", "b"]
    assert first["key"].is_unique


def test_html_shows_no_text_of_a_user_as_markup(clean, db):
    html = _broken(clean, db)._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def _broken(world, db) -> Report:
    world.store(G[1], json.dumps({"<b>\x1b[31m": [0], S[0]: [81]}))
    return run(db, "0001")


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ("alter table generations rename shot_data to kept", "generations.shot_data"),
        ("alter table shot_generations rename timeline_frame to kept", "shot_generations.timeline_frame"),
        ("alter table shots rename to kept", "shots.id"),
    ],
)
def test_an_audit_whose_tables_are_missing_is_told_as_skipped(clean, db, change, lacking):
    clean.connection.execute(change)
    report = run(db, "0001")
    assert not report.ok
    assert [skipped["audit"] for skipped in report.coverage["skipped"]] == ["0001_shot_data_matches_links"]
    assert lacking in report.coverage["skipped"][0]["reason"]
    assert (len(report.findings), report.audits) == (0, ())
    assert lacking in repr(report)
    assert lacking in report.to_json()


def test_many_reasons_why_audits_were_skipped_are_one_line(clean, db):
    clean.connection.execute("drop schema public cascade; create schema public")
    report = run(db)
    [line] = [line for line in repr(report).splitlines() if "skipped" in line]
    skipped = report.coverage["skipped"]
    reasons = {each["reason"] for each in skipped}
    assert line.startswith(
        f"{len(skipped)} audits: skipped for {len(reasons)} reasons, which --format json names; 0"
    )
    assert skipped[0]["reason"] in line


def test_rows_that_were_not_looked_at_are_not_told_as_none(clean, db):
    clean.connection.execute("alter table generations rename project_id to kept")
    report = run(db)
    assert repr(report).startswith(f"<Report: generations not looked at, {len(LINKS)} links>")
    assert f"Examined no generations (not looked at) and {len(LINKS)} links" in report.to_summary()
    coverage = json.loads(report.to_json())["coverage"]
    assert (coverage["generations"], coverage["links"]) == (None, len(LINKS))
    assert report.to_junit()
    assert report.to_sarif()
    assert report.to_html()


def test_one_read_only_snapshot_serves_the_whole_run(clean, db, monkeypatch):
    asked = []

    def transaction(**options: bool):
        asked.append(options)
        return Database.transaction(db, **options)

    monkeypatch.setattr(db, "transaction", transaction)
    run(db, "0001")
    assert asked == [{"read_only": True, "repeatable": True}]


def test_the_statement_timeout_is_lifted_in_the_run_alone(clean, opened, monkeypatch):
    monkeypatch.setenv("SHOTKIT_STATEMENT_TIMEOUT", "7s")
    db = opened()
    seen = []
    table = Transaction.table

    def spied(self, *arguments):
        seen.append(self._connection.execute("show statement_timeout").fetchone()[0])
        return table(self, *arguments)

    monkeypatch.setattr(Transaction, "table", spied)
    run(db, "0001")
    assert seen == ["0"]
    with db.transaction() as transaction:
        assert transaction._connection.execute("show statement_timeout").fetchone() == ("7s",)


@pytest.fixture
def viewer(clean) -> Iterator[str]:
    """A role that sees one project only; G[9] and its links are of another."""
    role = "audit_viewer"
    clean.connection.execute(f"create role {role}")
    clean.connection.execute(
        f"grant usage on schema public to {role};"
        f"grant select, update on all tables in schema public to {role}"
    )
    for table, condition in (
        ("generations", f"project_id = '{PROJECT}'"),
        ("shots", "true"),
        (
            "shot_generations",
            f"exists (select from public.shots s where s.id = shot_id and s.id <> '{S[5]}')",
        ),
    ):
        clean.connection.execute(f"alter table public.{table} enable row level security")
        clean.connection.execute(
            f"create policy audit_viewer on public.{table} to {role} using ({condition})"
        )
    clean.connection.execute("update generations set project_id = %s where id = %s", [OTHER_PROJECT, G[9]])
    yield role
    clean.connection.execute(f"drop owned by {role}")
    clean.connection.execute(f"drop role {role}")


def test_row_level_security_hides_findings_and_the_coverage_counts_what_was_seen(clean, opened, db, viewer):
    clean.link(G[9], S[0], 7)
    clean.link(G[9], S[5], 7)
    clean.store(G[0], f'{{"{S[0]}": [1]}}')
    report = run(opened(role=viewer), "0001")
    assert found(report) == {(G[0], S[0], "different")}
    assert (report.coverage["generations"], report.coverage["links"]) == (len(G) - 1, len(LINKS) + 1)
    assert len(findings(db)) == 3


def test_a_repair_that_might_not_see_all_links_is_refused(clean, opened, db, viewer):
    clean.link(G[0], S[5], 7)
    clean.store(G[0], f'{{"{S[0]}": [1], "{S[5]}": [7]}}')
    before = clean.hashes()
    with pytest.raises(NotPermittedError, match="may hide links"):
        apply(opened(role=viewer), run(db, "0001"))
    assert clean.hashes() == before


def test_a_user_who_may_not_read_is_told_so(clean, opened):
    with psycopg.connect(opened()._conninfo, autocommit=True) as admin:
        admin.execute("create role audit_stranger; grant usage on schema public to audit_stranger")
        try:
            with pytest.raises(NotPermittedError):
                run(opened(role="audit_stranger"), "0001")
        finally:
            admin.execute("drop owned by audit_stranger; drop role audit_stranger")


@pytest.mark.only_on("own", "j", "a", because="S has no pairs, which is told beside")
def test_where_row_level_security_may_hide_rows_nothing_is_told_to_be_clean(clean, opened, viewer, tmp_path):
    clean.store(G[9], "{}")
    seen = opened(role=viewer)
    report = run(seen)
    assert report.findings.empty
    assert not report.ok
    told = {each["audit"][:4]: each["reason"] for each in report.coverage["skipped"]}
    assert told["0001"] == "in part: row level security may hide rows of generations, shot_generations, shots"
    assert told["0052"] == "in part: row level security may hide rows of credits_ledger, tasks"
    assert not told.keys() & {"0071", "0072", "0073", "0074"}  # of the catalogs all is seen
    take(seen, tmp_path / "partial")
    with closing(DuckDatabase(Snapshot(tmp_path / "partial"))) as copy:
        assert run(copy).coverage == report.coverage
    assert run(opened(), "0001").coverage["skipped"] == []


def test_a_repair_that_sees_a_part_does_not_say_that_nothing_is_to_be_repaired(clean, opened, viewer):
    clean.store(G[9], "{}")
    seen = opened(role=viewer)
    repair = plan(seen, run(seen, REPAIRABLE))
    assert set(repair.refused["audit"]) == set(REPAIRABLE)
    assert repair.refused["reason"].str.contains("row level security may hide rows").all()


@pytest.mark.only_on("own", "j", "a", because="S has no pairs, which is told beside")
def test_a_table_that_a_user_may_not_read_is_told_as_skipped_and_the_others_are_audited(
    clean, opened, viewer
):
    clean.connection.execute(f"revoke select on credits_ledger from {viewer}")
    report = run(opened(role=viewer))
    assert [each for each in report.coverage["skipped"] if not each["reason"].startswith("in part")] == [
        {"audit": audit, "reason": f"this user may not read {columns}"}
        for audit, columns in (
            (
                "0051_credits_are_the_sum",
                "credits_ledger.amount, credits_ledger.task_id, credits_ledger.type, credits_ledger.user_id",
            ),
            (
                "0052_one_spend_a_task",
                "credits_ledger.amount, credits_ledger.task_id, credits_ledger.type, credits_ledger.user_id",
            ),
        )
    ]
    assert not report.ok
    assert len(report.audits) > 20
