"""Repairs on databases of the eras, which have none of shotkit's functions and triggers of their own."""

import json

import pytest

from shotkit.audit import REPAIRABLE, apply, plan, run, undo
from shotkit.errors import WriteNotStoredError
from tests.audit.stories import STORIES
from tests.audit.studio import IDS
from tests.audit.test_stories import found
from tests.eras.test_audits import of_the_era

REPAIRED = [
    s for s in STORIES if f"{s.audit}_" in {name[:5] for name in REPAIRABLE} and s.verdict != "several"
]


@pytest.mark.parametrize("story", REPAIRED, ids=lambda story: story.name)
def test_a_story_of_variants_is_repaired(studio, db, era, story):
    studio.do(of_the_era(story, era).breaks, past=story.past)
    report = run(db, story.audit)
    assert len(plan(db, report).changes)
    repaired = apply(db, report)
    assert repaired.refused.empty
    assert found(run(db)) == set()


def test_shot_data_is_rebuilt_in_the_shape_of_the_era_and_taken_back(studio, db, era, tmp_path):
    wrong = json.dumps({IDS["shot_a"]: 7 if era == "s" else [7]})
    write = "update generations set shot_data = %s where id = %s"
    studio.connection.execute(write, (wrong, IDS["image"]))
    repaired = apply(db, run(db, "0001"), tmp_path / "undo")
    assert json.loads(repaired.changes["expected"][0]) == {IDS["shot_a"]: 0 if era == "s" else [0]}
    assert run(db, "0001").ok
    assert len(undo(db, tmp_path / "undo").changes) == 1
    read = "select shot_data::text from generations where id = %s"
    assert studio.connection.execute(read, [IDS["image"]]).fetchone() == (wrong,)


def test_a_trigger_that_reverts_what_is_written_is_found_and_rolled_back(studio, db):
    studio.do("update generations set shot_data = '{{}}' where id = '{image}'")
    studio.connection.execute("""
        create function keep_old() returns trigger language plpgsql as
        $$ begin new.shot_data := old.shot_data; return new; end $$;
        create trigger keep_old before update on generations for each row execute function keep_old()
    """)
    with pytest.raises(WriteNotStoredError, match="did not keep"):
        apply(db, run(db, "0001"))
    assert found(run(db, "0001"))


def test_params_and_pointers_are_taken_back_where_no_guard_forbids_it(studio, db, tmp_path):
    rows = "select primary_variant_id::text, params from generations where id = %s"
    studio.do(
        "update generations set params = '{{\"seed\": 2}}', primary_variant_id = '{upscale}' "
        "where id = '{image}'",
        past=True,
    )
    before = studio.connection.execute(rows, [IDS["image"]]).fetchone()
    assert len(apply(db, run(db, REPAIRABLE), tmp_path / "undo").changes) == 2
    assert len(undo(db, tmp_path / "undo").changes) == 2
    assert studio.connection.execute(rows, [IDS["image"]]).fetchone() == before
