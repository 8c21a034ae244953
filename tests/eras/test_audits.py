"""All audits in every era: clean on what is right there, and each story of theirs is found there too."""

from dataclasses import replace

import pytest

from shotkit.audit import run
from shotkit.audit.catalog import catalog
from tests.audit.stories import STORIES, Story
from tests.audit.studio import written
from tests.audit.test_stories import found

GUARDS = ("0071", "0072", "0073", "0074")
SYNC = {"s": "sync_shot_generation", "j": "sync_shot_generation", "a": "sync_shot_generation_jsonb"}
EVENTS = tuple(
    f"shot_generations/{event}/sync_shot_to_generation" for event in ("insert", "update", "delete")
)
ONCE_MORE = (
    "create trigger once_more after insert or update or delete on shot_generations "
    "for each row execute function {function}()"
)
OWN_INDEX = "generation_variants_one_primary_idx"


def of_the_era(story: Story, era: str) -> Story:
    """The story with the era's own names and types."""
    texts = {
        name: text.replace(OWN_INDEX, "idx_variants_one_primary")
        for name, text in (("breaks", story.breaks), ("mends", story.mends))
    }
    if era == "s" and story.audit == "0062":
        texts = {name: text.replace(LIST, ONE).replace("'{{}}'", "null") for name, text in texts.items()}
    return replace(story, **texts)


LIST, ONE = "array['{made}', '{nobody}', '{nobody}', null]::uuid[]", "'{nobody}'"


def test_what_an_era_lacks_is_skipped_and_counted(db, era):
    report = run(db)
    assert [(each["audit"][:4], each["reason"]) for each in report.coverage["skipped"]] == (
        [("0025", "the database has no generations.pair_shot_generation_id")] if era == "s" else []
    )
    assert len(report.audits) + len(report.coverage["skipped"]) == len(catalog())
    assert len(report.findings) == 0


def test_every_story_of_the_rows_is_found_and_nothing_else(studio, db, era):
    told = [
        of_the_era(story, era)
        for story in STORIES
        if story.audit not in GUARDS and not (era == "s" and story.audit == "0025")
    ]
    wrong = {}
    for story in told:
        studio.do(story.breaks, past=story.past)
        if (seen := found(run(db))) != story.expected:
            wrong[story.name, story.breaks] = seen ^ story.expected
        studio.do(story.mends, past=story.past)
        if seen := found(run(db)):
            wrong[story.name, story.mends] = seen
    assert wrong == {}
    assert {story.audit for story in told} >= {audit.number for audit in catalog()[1:-4]} - {"0025"}


@pytest.mark.parametrize(
    ("breaks", "finding"),
    [
        ("drop trigger {sync} on shot_generations", ("0071", "missing", *EVENTS)),
        ("alter table shot_generations disable trigger {sync}", ("0071", "disabled", *EVENTS)),
        (ONCE_MORE, ("0071", "repeated", *EVENTS)),
        (
            "drop trigger trg_handle_variant_deletion on generation_variants",
            ("0071", "missing", "generation_variants/delete/handle_variant_deletion"),
        ),
        ("drop index idx_generations_shot_data", ("0072", "missing", "generations/shot_data")),
        ("drop index idx_variants_one_primary", ("0073", "missing", "generation_variants/generation_id")),
        ("alter table shots disable row level security", ("0074", "disabled", "shots")),
    ],
)
def test_a_guard_that_is_gone_is_found(studio, db, era, breaks, finding):
    function = "sync_shot_to_generation" + ("_jsonb" if era == "a" else "")
    audit, verdict, *keys = finding
    studio.connection.execute(breaks.format(sync=SYNC[era], function=function))
    assert found(run(db)) == {(audit, verdict, key) for key in keys}


def test_where_both_shapes_stand_lists_are_the_rule(studio, db, era):
    studio.do("update generations set shot_data = '{{\"{shot_a}\": 0}}' where id = '{image}'", past=True)
    expected = set() if era == "s" else {("0001", "legacy_shape", written("{image}/{shot_a}"))}
    assert found(run(db, "0001")) == expected
    studio.do("update generations set shot_data = '{{\"{shot_a}\": [81]}}' where id = '{second}'", past=True)
    verdicts = {verdict for _, verdict, _ in found(run(db, "0001"))}
    assert verdicts == {"legacy_shape"}


def test_an_unlisted_write_leaves_what_the_audit_finds(studio, db, era):
    studio.do("update shot_generations set generation_id = '{edit}' where id = '{link_image}'")
    assert found(run(db, "0001")) == {("0001", "extra", written("{image}/{shot_a}"))}
