"""What each era's triggers make of writes to variants, as production was seen to do."""

import psycopg
import pytest

from tests.eras.ground import Ground

VARIANT = (
    "insert into generation_variants (id, generation_id, location, is_primary, variant_type, created_at) "
    "values "
)
FIRST = VARIANT + "('{first}', '{g}', '1.jpg', true, 'edit', '2026-01-01');"
SECOND = VARIANT + "('{second}', '{g}', '2.jpg', false, 'edit', '2026-01-02');"
ORIGINAL = VARIANT + "('{first}', '{g}', '1.jpg', true, 'original', '2026-01-01');"
DROP_FIRST = "delete from generation_variants where id = '{first}';"
SHOWN = "select location, primary_variant_id::text from generations where id = '{g}'"


@pytest.fixture
def ground(era_connection, era):
    return Ground(era_connection, era)


def refused(ground, statements, kind, match):
    with pytest.raises(kind, match=match), ground.connection.transaction():
        ground.do(statements)


def primaries(ground):
    rows = ground.connection.execute(
        "select id::text from generation_variants where generation_id = %s and is_primary", [ground["g"]]
    )
    names = {id_: name for name, id_ in ground.ids.items()}
    return [names[id_] for (id_,) in rows]


def test_only_s_makes_an_original_of_a_new_generation(ground):
    ground.do(
        "insert into generations (id, project_id, location, params) "
        "values ('{n}', '{project}', 'n.jpg', '{{\"a\": 1}}')"
    )
    made = ground.one(
        "select location, params, is_primary, variant_type from generation_variants "
        "where generation_id = '{n}'"
    )
    assert made == (("n.jpg", {"a": 1}, True, "original") if ground.era == "s" else None)


def test_another_primary_demotes_the_first_and_is_shown(ground):
    ground.do(FIRST + SECOND)
    ground.do(
        "update generation_variants set is_primary = true, thumbnail_url = 't', name = 'N', "
        "params = '{{\"s\": 2}}' where id = '{second}'"
    )
    assert primaries(ground) == ["second"]
    shown = ground.one(
        "select location, thumbnail_url, params, name, primary_variant_id::text "
        "from generations where id = '{g}'"
    )
    assert shown == ("2.jpg", "t", {"s": 2}, "N", ground["second"])


def test_a_deleted_primary_gives_way_to_the_newest_other_but_in_s(ground):
    ground.do(FIRST + SECOND + VARIANT + "('{third}', '{g}', '3.jpg', false, 'edit', '2026-01-03')")
    if ground.era == "s":
        refused(ground, DROP_FIRST, psycopg.errors.TriggeredDataChangeViolation, "already modified")
        assert primaries(ground) == ["first"]
    else:
        ground.do(DROP_FIRST)
        assert primaries(ground) == ["third"]
        assert ground.one(SHOWN) == ("3.jpg", ground["third"])


def test_the_last_variant_takes_along_what_the_generation_shows(ground):
    ground.do(FIRST + DROP_FIRST)
    assert ground.one(SHOWN) == (None, None)


def test_only_in_a_an_original_may_not_be_deleted(ground):
    ground.do(ORIGINAL)
    if ground.era == "a":
        refused(ground, DROP_FIRST, psycopg.errors.RaiseException, "original")
    else:
        ground.do(DROP_FIRST)
        assert ground.one(SHOWN) == (None, None)


@pytest.mark.parametrize("gone", ["generations where id = '{g}'", "projects where id = '{project}'"])
def test_a_generation_with_an_original_and_others_is_deleted_in_j_alone(ground, gone):
    ground.do(ORIGINAL + SECOND)
    if ground.era == "j":
        ground.do(f"delete from {gone}")
        assert ground.one("select count(*) from generation_variants where generation_id = '{g}'") == 0
    else:
        kind, match = {
            # It promotes, in the name of a generation that is gone, a variant that goes too.
            "s": (psycopg.errors.ForeignKeyViolation, "is not present"),
            "a": (psycopg.errors.RaiseException, "original"),
        }[ground.era]
        refused(ground, f"delete from {gone}", kind, match)


def test_a_generation_with_its_original_alone_is_deleted_but_in_a(ground):
    ground.do(ORIGINAL)
    if ground.era == "a":
        refused(ground, "delete from generations where id = '{g}'", psycopg.errors.RaiseException, "original")
    else:
        ground.do("delete from generations where id = '{g}'")


def test_the_only_primary_can_be_demoted_and_is_still_pointed_at(ground):
    ground.do(FIRST + "update generation_variants set is_primary = false where id = '{first}'")
    assert primaries(ground) == []
    assert ground.one(SHOWN) == ("1.jpg", ground["first"])


def test_what_a_generation_shows_is_copied_to_its_primary_but_for_params(ground):
    ground.do(FIRST + "update generation_variants set params = '{{\"seed\": 1}}' where id = '{first}'")
    ground.do("update generations set location = '9.jpg', thumbnail_url = 't', name = 'N' where id = '{g}'")
    ground.do("update generations set params = '{{\"seed\": 2}}' where id = '{g}'")
    variant = ground.one(
        "select location, thumbnail_url, name, params from generation_variants where id = '{first}'"
    )
    assert variant == ("9.jpg", "t", "N", {"seed": 1})
    assert ground.one("select params from generations where id = '{g}'") == {"seed": 2}


def test_a_primary_that_moves_away_is_still_pointed_at(ground):
    ground.do(FIRST + "update generation_variants set generation_id = '{h}' where id = '{first}'")
    assert ground.one(SHOWN) == ("1.jpg", ground["first"])


def test_a_generation_that_moves_leaves_its_variants_project_behind(ground):
    ground.do(FIRST + "update generation_variants set project_id = '{project}' where id = '{first}';")
    ground.do("update generations set project_id = '{elsewhere}' where id = '{g}'")
    left = ground.one("select project_id::text from generation_variants where id = '{first}'")
    assert left == ground["project"]


def test_one_primary_a_generation_is_also_the_indexes_rule(ground):
    ground.do(FIRST)
    past = "set local session_replication_role = replica;"
    refused(
        ground,
        past + VARIANT + "('{second}', '{g}', '2.jpg', true, 'edit', now())",
        psycopg.errors.UniqueViolation,
        "idx_variants_one_primary",
    )
