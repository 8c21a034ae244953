"""Each audit's story: clean, broken, found with its verdict and nothing else, mended, clean."""

import pytest

from shotkit.audit import Report, run
from shotkit.audit.catalog import catalog
from shotkit.engine import Database
from tests.audit.stories import STORIES, Story
from tests.audit.studio import IDS, Studio, written


def found(report: Report) -> set[tuple[str, str, str]]:
    rows = report.findings[["audit", "verdict", "key"]].itertuples(index=False)
    return {(audit[:4], verdict, key) for audit, verdict, key in rows}


OURS = pytest.mark.only_on(
    "own", because="it breaks what our schema has; the eras': tests/eras/test_audits.py"
)
NOT_S = pytest.mark.only_on("own", "j", "a", because="S has no pairs and one dependency: tests/eras")
GUARDS = ("0071", "0072", "0073", "0074")


def where_it_can_be_told(story: Story) -> tuple[pytest.MarkDecorator, ...]:
    if story.audit in GUARDS or "_idx" in story.breaks:
        return (OURS,)
    return (NOT_S,) if story.audit in {"0025", "0062"} else ()


@pytest.mark.parametrize(
    "story", [pytest.param(s, marks=where_it_can_be_told(s)) for s in STORIES], ids=lambda story: story.name
)
def test_clean_broken_found_mended_clean(studio: Studio, db: Database, story: Story):
    assert found(run(db, story.audit)) == set()
    studio.do(story.breaks, past=story.past)
    report = run(db)
    assert found(report) == story.expected
    assert len(report.findings) == len(story.expected)
    assert "secret" not in report.to_json()
    studio.do(story.mends, past=story.past)
    assert found(run(db)) == set()


def test_every_verdict_of_every_audit_has_a_story():
    told = {(story.audit, story.verdict) for story in STORIES}
    assert told == {(a.number, verdict) for a in catalog()[1:] for verdict in a.verdicts}


NO_FINDINGS = {
    "a token that was signed anew": (
        "update generations set location = '{files}/{ann}/uploads/1.jpg?token=other'"
    ),
    "params that are spelled otherwise": "update generations set params = '{{\"seed\": 1.00}}'",
}


@pytest.mark.parametrize("change", NO_FINDINGS.values(), ids=NO_FINDINGS)
def test_what_is_spelled_otherwise_is_no_difference(studio, db, change):
    studio.do(f"{change} where id = '{{image}}'", past=True)
    assert found(run(db)) == set()


def test_what_was_copied_from_a_share_may_stay_where_it_was(studio, db):
    studio.do("update generations set location = '{files}/{bob}/1.jpg' where id = '{second}'")
    assert found(run(db)) == {
        ("0041", "foreign", written("generations/{second}/location")),
        ("0041", "foreign", written("generation_variants/{of_second}/location")),
    }
    studio.do("update generations set copied_from_share = 'x' where id = '{second}'")
    assert found(run(db)) == set()


def test_a_variant_that_names_no_project_is_where_its_generation_is(studio, db):
    studio.do("update generation_variants set project_id = null where id = '{upscale}'", past=True)
    assert found(run(db)) == set()


@pytest.mark.without("trg_refuse_deleting_original", because="the deletion is not what is tried")
def test_a_generation_without_variants_needs_no_primary_and_no_original(studio, db):
    studio.do("delete from generation_variants where generation_id = '{second}'")
    studio.do("update generations set location = '{files}/{ann}/2.png' where id = '{second}'", past=True)
    assert found(run(db)) == set()


def test_a_long_way_into_a_cycle_is_no_part_of_it(studio, db):
    studio.do("""
        insert into generations (id, project_id, based_on)
        select md5('way' || n)::uuid, '{film_project}', md5('way' || n - 1)::uuid
        from generate_series(1, 40) as n;
        update generations set based_on = md5('way37')::uuid where id = md5('way33')::uuid
    """, past=True)  # fmt: skip
    assert {key for _, _, key in found(run(db, "0023"))} == {
        studio.connection.execute("select md5('way' || %s::text)::uuid::text", [n]).fetchone()[0]
        for n in range(33, 38)
    }


def test_a_segment_of_a_film_in_no_shot_may_start_anywhere_on_a_timeline(studio, db):
    studio.do("delete from shot_generations where id = '{link_film}'")
    assert found(run(db)) == set()


@OURS
def test_older_databases_have_one_dependency_a_task(studio, db):
    studio.do("alter table tasks alter dependant_on type uuid using dependant_on[1]")
    assert found(run(db)) == set()
    studio.do("update tasks set dependant_on = '{nobody}' where id = '{queued}'")
    assert found(run(db)) == {("0062", "missing", written("{queued}/{nobody}"))}


@OURS
def test_a_sync_trigger_of_another_name_is_known_by_what_it_does(studio, db):
    studio.do("alter function sync_shot_to_generation() rename to keep_in_step")
    assert found(run(db)) == set()


def test_a_finding_names_what_it_is_about(studio, db):
    studio.do("update generations set name = 'Last' where id = '{image}'", past=True)
    row = run(db, "0013").findings.to_dict("records")[0]
    assert row | {"detail": ...} == {
        "audit": "0013_generation_shows_primary", "level": "error", "verdict": "different",
        "key": f"{IDS['image']}/name", "project_id": IDS["film_project"], "shot_id": None,
        "generation_id": IDS["image"], "variant_id": IDS["original"],
        "stored": "Last", "expected": "First", "detail": ...,
    }  # fmt: skip
