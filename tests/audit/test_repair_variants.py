"""Repairs of variants, each a story: clean, broken, repaired, clean, and not a row more; or refused."""

import pytest

from shotkit.audit import REPAIRABLE, WAYS_OUT, apply, plan, run
from shotkit.audit.catalog import catalog
from shotkit.engine import Database
from shotkit.errors import NotPermittedError, WriteNotStoredError
from tests.audit.stories import STORIES, Story
from tests.audit.studio import IDS, Studio, written
from tests.audit.test_stories import found

REPAIRED = [
    s for s in STORIES if s.audit in {"0011", "0012", "0013", "0014", "0015"} and s.verdict != "several"
]
SEVERAL = next(story for story in STORIES if story.name == "0011 several")
TABLES = (
    "generations",
    "generation_variants",
    "shot_generations",
    "shots",
    "tasks",
    "users",
    "credits_ledger",
)


def rows(studio: Studio) -> dict[str, list[str]]:
    """All rows of the core tables, as they were made: updated_at alone tells that one was written."""
    return {
        table: [row for (row,) in studio.connection.execute(
            f"select (to_jsonb(t) - 'updated_at')::text from {table} as t order by id"
        )]
        for table in TABLES
    }  # fmt: skip


@pytest.mark.parametrize("story", REPAIRED, ids=lambda story: story.name)
def test_clean_broken_repaired_clean_and_no_other_row_changed(studio: Studio, db: Database, story: Story):
    before = rows(studio)
    studio.do(story.breaks, past=story.past)
    report = run(db, story.audit)
    planned = plan(db, report)
    assert {audit[:4] for audit in planned.changes["audit"]} == {story.audit}
    broken = rows(studio)
    assert broken != before
    repaired = apply(db, report)
    assert repaired.changes.equals(planned.changes)
    assert repaired.refused.empty
    assert found(run(db)) == set()
    assert rows(studio) == before
    assert apply(db, run(db, story.audit)).changes.empty


@pytest.mark.only_on("own", because="it drops an index of ours")
def test_several_primaries_are_refused_with_the_way_out(studio, db):
    studio.do(SEVERAL.breaks, past=True)
    before = rows(studio)
    repaired = apply(db, run(db, "0011"))
    assert list(repaired.refused["key"]) == [IDS["image"]]
    assert "make_primary" in repaired.refused["reason"][0]
    assert repaired.changes.empty
    assert rows(studio) == before


NONE = "update generation_variants set is_primary = false where generation_id = '{image}';"
POINTS = "update generations set primary_variant_id = {}, location = {} where id = '{{image}}';"
NOTHING = POINTS.format("null", "null")
NEWER = "update generation_variants set created_at = now() + interval '1 s' where id = '{upscale}';"
CHOICES = {
    "that it still points at": ("", "original"),
    "else that it still shows": (
        POINTS.format("null", "'{files}/{ann}/uploads/1.jpg?token=new'"), "original",
    ),
    "else the newest": (NOTHING + NEWER, "upscale"),
    "also when it points at nothing": (POINTS.format("'{nobody}'", "null") + NEWER, "upscale"),
    "of one age the last by id": (
        f"{NOTHING} update generation_variants set created_at = now();", "upscale",
    ),
}  # fmt: skip
TRIGGERS_OFF = (
    "alter table generations disable trigger user; alter table generation_variants disable trigger user"
)


@pytest.mark.parametrize(("also", "chosen"), CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("guarded", [True, False], ids=["with triggers", "without triggers"])
def test_where_none_is_primary_it_becomes_the_one(studio, db, also, chosen, guarded):
    studio.do(NONE + also, past=True)
    if not guarded:
        studio.do(TRIGGERS_OFF)
    repaired = apply(db, run(db, REPAIRABLE))
    assert repaired.refused.empty
    assert run(db, REPAIRABLE).ok
    primaries = "select id::text from generation_variants where generation_id = %s and is_primary"
    assert studio.connection.execute(primaries, [IDS["image"]]).fetchall() == [(IDS[chosen],)]
    shown = "select primary_variant_id::text from generations where id = %s"
    assert studio.connection.execute(shown, [IDS["image"]]).fetchall() == [(IDS[chosen],)]


def test_a_pointer_that_leads_nowhere_becomes_null_where_there_is_no_variant(studio, db):
    studio.do("update generations set primary_variant_id = '{of_edit}' where id = '{placeholder}'", past=True)
    assert list(apply(db, run(db, "0012")).changes["expected"].isna()) == [True]
    assert run(db, "0012").ok


def test_a_pointer_is_not_guessed_where_none_is_primary_but_follows_in_one_go(studio, db):
    studio.do(NONE + "update generations set primary_variant_id = '{nobody}' where id = '{image}'", past=True)
    refused = apply(db, run(db, "0012")).refused
    assert list(refused["reason"]) == ["it has no single primary variant; repair 0011 first"]
    assert apply(db, run(db, ["0011", "0012"])).refused.empty
    assert run(db, REPAIRABLE).ok


WRONG_SHOWN = "update generations set name = 'Last', params = '{{\"seed\": 2}}' where id = '{image}'"


def test_what_is_shown_and_params_are_written_at_once_so_that_no_trigger_copies_what_is_wrong(studio, db):
    before = rows(studio)
    studio.do(WRONG_SHOWN, past=True)
    assert len(apply(db, run(db, ["0013", "0014"])).changes) == 2
    assert rows(studio) == before


@pytest.mark.only_on("own", because="the eras' triggers do not copy params")
@pytest.mark.parametrize("only", ["0013", "0014"])
def test_one_of_them_alone_is_rolled_back_where_a_trigger_copies_the_other(studio, db, only):
    studio.do(WRONG_SHOWN, past=True)
    broken = rows(studio)
    with pytest.raises(WriteNotStoredError, match="more of them changed"):
        apply(db, run(db, only))
    assert rows(studio) == broken


def test_what_the_database_does_not_keep_is_refused_and_the_others_are_repaired(studio, db):
    studio.do(WRONG_SHOWN, past=True)
    studio.do("update generations set name = 'Wrong' where id = '{second}'", past=True)
    repaired = apply(db, run(db, "0013"))
    assert list(repaired.changes["id"]) == [IDS["second"]]
    assert list(repaired.refused["key"]) == [IDS["image"]]
    assert "look for a trigger" in repaired.refused["reason"][0]


def test_no_token_and_no_params_are_shown(studio, db):
    studio.do(
        "update generations set location = 'https://a.example/x.jpg?token=secret', "
        "params = '{{\"api_key\": \"secret\"}}' where id = '{image}'", past=True,
    )  # fmt: skip
    report = run(db, REPAIRABLE)
    for repaired in (plan(db, report), apply(db, report)):
        assert "secret" not in repaired.to_json()
        assert "secret" not in repaired.changes.to_string()
        assert "sha256" in repaired.to_json()


def test_where_variants_may_be_hidden_it_is_refused(studio, db, opened):
    studio.do(
        "update generation_variants set project_id = '{other_project}' where id = '{upscale}'", past=True
    )
    with pytest.raises(NotPermittedError, match="may hide variants"):
        apply(opened(user_id=IDS["ann"]), run(db, "0015"))


def test_each_other_audit_says_why_it_has_no_repair_and_what_to_do(studio, db):
    assert WAYS_OUT.keys() == {audit.number for audit in catalog()} - {name[:4] for name in REPAIRABLE}
    studio.do(next(story.breaks for story in STORIES if story.audit == "0024"))
    for act in (plan, apply):
        repaired = act(db, run(db, "0024"))
        assert list(repaired.refused["reason"]) == [f"no repair: {WAYS_OUT['0024']}"]
        assert list(repaired.refused["key"]) == [written("{film}/0")]
