"""What must hold of every table and every function, also of those that are added later."""

import pytest
from psycopg import errors

OURS = "('public', 'auth', 'storage', 'shotkit')"


def test_every_table_has_row_level_security(world):
    bare = world.run(
        f"select relname from pg_class where relnamespace::regnamespace::text in {OURS}"
        " and relkind in ('r', 'p') and not relrowsecurity"
    ).fetchall()
    assert bare == []


def test_there_are_no_views_that_row_level_security_would_not_reach(world):
    ours = f"relnamespace::regnamespace::text in {OURS}"
    views = f"select count(*) from pg_class where {ours} and relkind in ('v', 'm')"
    assert world.one(views) == 0


def test_every_policy_that_lets_rows_be_written_checks_them_and_wakes_no_function_a_row(world):
    policies = world.run("select policyname, cmd, qual, with_check from pg_policies").fetchall()
    assert policies
    for name, command, condition, check in policies:
        assert check or command in ("SELECT", "DELETE"), name
        for text in filter(None, (condition, check)):
            assert text.count("auth.uid()") == text.count("( SELECT auth.uid() AS uid)"), name
            assert "<>" not in text, name


def test_every_function_has_its_search_path_pinned(world):
    loose = world.run(
        f"select proname from pg_proc where pronamespace::regnamespace::text in {OURS}"
        " and not coalesce(proconfig, '{}') @> '{\"search_path=\\\"\\\"\"}'"
    ).fetchall()
    assert loose == []


def test_no_function_of_ours_is_open_to_anonymous_callers(world):
    open_to_all = world.run(
        f"select proname from pg_proc where pronamespace::regnamespace::text in {OURS}"
        " and has_function_privilege('anon', oid, 'execute')"
    ).fetchall()
    assert open_to_all == [("uid",)]


def test_a_user_can_call_no_function_that_acts_with_its_owners_rights(world):
    callable_ = world.run(
        f"select proname from pg_proc where pronamespace::regnamespace::text in {OURS}"
        " and prosecdef and has_function_privilege('authenticated', oid, 'execute')"
    ).fetchall()
    assert callable_ == []


def test_every_trigger_of_the_seed_document_is_there_once_and_enabled(world):
    triggers = world.run(
        "select tgname, count(*) from pg_trigger"
        " where not tgisinternal and tgenabled in ('O', 'A') group by tgname"
    ).fetchall()
    assert {
        "trg_handle_variant_primary_switch": 1,
        "trg_sync_generation_from_variant": 1,
        "trg_auto_create_variant_after_generation": 1,
        "trg_sync_variant_from_generation": 1,
        "trg_handle_variant_deletion": 1,
        "sync_shot_to_generation_insert": 1,
        "sync_shot_to_generation_update": 1,
        "sync_shot_to_generation_delete": 1,
    }.items() <= dict(triggers).items()


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_the_bookkeeping_is_shotkits_own(world, role):
    with world.acting(role), pytest.raises(errors.InsufficientPrivilege, match="schema shotkit"):
        world.run("select * from shotkit.migrations")


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_nobody_but_the_owner_makes_anything_in_the_schemas(world, role):
    with world.acting(role):
        for schema in ("public", "auth", "storage", "shotkit"):
            assert world.one("select has_schema_privilege(%s, 'create')", schema) is False


CLAIMS = {
    None: None,
    "": None,
    "{}": None,
    "null": None,
    "[]": None,
    '{"sub": ""}': None,
    '{"sub": null}': None,
    '{"sub": "11111111-1111-1111-1111-111111111111"}': "11111111-1111-1111-1111-111111111111",
}


@pytest.mark.parametrize(("claims", "user"), CLAIMS.items())
def test_the_caller_is_who_the_claims_say_and_nobody_without_them(world, claims, user):
    if claims is not None:
        world.run("select set_config('request.jwt.claims', %s, true)", claims)
    assert world.one("select auth.uid()::text") == user


@pytest.mark.parametrize("claims", ['{"sub": "not a uuid"}', '{"sub": 7}', "{", "x"])
def test_a_malformed_token_is_an_error_and_no_empty_database(world, claims):
    with world.acting("authenticated"):
        world.run("select set_config('request.jwt.claims', %s, true)", claims)
        with pytest.raises(errors.InvalidTextRepresentation):
            world.run("select * from projects")


def test_a_users_phase_one_reads_his_own_projects_by_index_and_not_everybodys(world):
    world.run(
        "insert into projects (name, user_id) select 'p', %s from generate_series(1, 300)", world.new_user()
    )
    world.run("insert into generations (project_id) select id from projects, generate_series(1, 20)")
    world.run("analyze")
    with world.acting("authenticated", world.user):
        plan = world.run("explain select id from generations where shot_data ? 'shot'").fetchall()
    assert "generations_project_id_idx" in str(plan)
