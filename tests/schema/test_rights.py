"""Who may do what to whose rows: every table, every command, every kind of caller."""

import pytest
from psycopg import errors

YES, NONE, REFUSED = "yes", "sees none", "refused"
TABLES = (
    "public.users", "public.projects", "public.shots", "public.shot_generations", "public.generations",
    "public.generation_variants", "public.tasks", "public.credits_ledger",
    "storage.buckets", "storage.objects",
)  # fmt: skip
COMMANDS = ("select", "insert", "update", "delete")
# What the owner of a row may: select, insert, update, delete. Everyone else is told from it, below.
OWNER = {
    "public.users": (YES, REFUSED, YES, YES),  # a new user's own row is told below
    "public.projects": (YES, YES, YES, YES),
    "public.shots": (YES, YES, YES, YES),
    "public.shot_generations": (YES, YES, YES, YES),
    "public.generations": (YES, YES, YES, YES),
    "public.generation_variants": (YES, YES, YES, YES),
    "public.tasks": (YES, YES, YES, REFUSED),
    "public.credits_ledger": (YES, REFUSED, REFUSED, REFUSED),
    "storage.buckets": (YES, REFUSED, REFUSED, REFUSED),
    "storage.objects": (YES, YES, YES, YES),
}
# Beside what no owner may, another user sees none of his rows, and may insert none for him.
STRANGER = {YES: NONE, REFUSED: REFUSED}
INSERT = {
    "public.users": "(id) values (gen_random_uuid())",
    "public.projects": "(name, user_id) values ('p', %(user)s)",
    "public.shots": "(name, project_id) values ('s', %(project)s)",
    "public.shot_generations": "(shot_id, generation_id) values (%(shot)s, %(generation)s)",
    "public.generations": "(location, project_id) values ('a.png', %(project)s)",
    "public.generation_variants": "(generation_id, location) values (%(generation)s, 'b')",
    "public.tasks": "(task_type, project_id) values ('t', %(project)s)",
    "public.credits_ledger": "(user_id, amount, type) values (%(user)s, 1, 'manual')",
    "storage.buckets": "(id, name) values ('mine', 'mine')",
    "storage.objects": "(bucket_id, name) values ('training-data', %(user)s || '/b.mp4')",
}
UPDATE = {
    "public.users": "name = 'x'",
    "public.projects": "name = 'x'",
    "public.shots": "name = 'x'",
    "public.shot_generations": "timeline_frame = 1",
    "public.generations": "starred = true",
    "public.generation_variants": "starred = true",
    "public.tasks": "status = 'Cancelled'",
    "public.credits_ledger": "metadata = metadata",
    "storage.buckets": "public = true",
    "storage.objects": "metadata = '{}'",
}


@pytest.fixture
def scene(world):
    """One row a table that is the user's, and the ids to write more with."""
    generation, shot = world.generation("a.png"), world.shot()
    ids = {"user": world.user, "project": world.project, "shot": shot, "generation": generation}
    world.link(shot, generation, 0)
    world.run("insert into tasks (task_type, project_id) values ('t', %s)", world.project)
    world.run("delete from storage.buckets where id <> 'training-data'")
    world.connection.execute(
        "insert into storage.objects (bucket_id, name) values ('training-data', %(user)s || '/a.mp4')", ids
    )
    world.check_deferred()
    return ids


def outcome(world, table, command, ids):
    """What the command comes to: rows, none, or a refusal."""
    statement = {
        "select": f"select from {table}",
        "insert": f"insert into {table} {INSERT[table]}",
        "update": f"update {table} set {UPDATE[table]}",
        "delete": f"delete from {table}",
    }[command]
    try:
        done = world.connection.execute(statement, ids)
    except errors.InsufficientPrivilege:
        return REFUSED
    return YES if done.rowcount else NONE


def add_ledger_entry(world, table):
    if table == "public.credits_ledger":  # with one, a user cannot be deleted: that is told elsewhere
        world.run("insert into credits_ledger (user_id, amount, type) values (%s, 1, 'manual')", world.user)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("table", TABLES)
def test_an_owner_may(world, scene, table, command):
    add_ledger_entry(world, table)
    with world.acting("authenticated", world.user):
        assert outcome(world, table, command, scene) == OWNER[table][COMMANDS.index(command)]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("table", TABLES)
def test_another_user_may(world, scene, table, command):
    add_ledger_entry(world, table)
    other = world.new_user()
    world.run("delete from users where id = %s", other)  # nothing in any table is his
    expected = STRANGER[OWNER[table][COMMANDS.index(command)]]
    if command == "insert":
        expected = REFUSED
    if (table, command) == ("storage.buckets", "select"):
        expected = YES
    with world.acting("authenticated", other):
        assert outcome(world, table, command, scene) == expected


@pytest.mark.parametrize("role", ["anon", "authenticated"])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("table", TABLES)
def test_an_anonymous_caller_may(world, scene, table, command, role):
    add_ledger_entry(world, table)
    with world.acting(role):
        found = outcome(world, table, command, scene)
    if (table, command) == ("storage.buckets", "select"):
        assert found == YES
    elif role == "anon" and (table, command) != ("storage.objects", "select"):
        assert found == REFUSED
    else:  # authenticated without a token, or the private files: no rows
        assert found in (NONE, REFUSED)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("table", TABLES)
def test_the_service_may(world, scene, table, command):
    add_ledger_entry(world, table)
    if (table, command) == ("storage.buckets", "delete"):
        world.run("delete from storage.objects")
    with world.acting("service_role"):
        refused = table == "public.credits_ledger" and command in ("update", "delete")
        assert outcome(world, table, command, scene) == (REFUSED if refused else YES)


def test_a_newcomer_makes_his_own_row_and_nobody_elses(world):
    newcomer = "11111111-1111-1111-1111-111111111111"
    with world.acting("authenticated", newcomer):
        with pytest.raises(errors.InsufficientPrivilege), world.connection.transaction():
            world.run("insert into users (id) values (gen_random_uuid())")
        world.run("insert into users (id, name) values (%s, 'new')", newcomer)
        assert world.one("select name from users") == "new"


FORBIDDEN_COLUMNS = [
    "update generations set shot_data = '{}'",
    "update generations set primary_variant_id = null",
    "insert into generations (project_id, shot_data) values (%(project)s, '{}')",
    "insert into generations (project_id, primary_variant_id) values (%(project)s, null)",
    "update users set credits = 1000",
    "update users set given_credits = true",
    "insert into users (id, credits) values (%(user)s, 1000)",
    "update tasks set output_location = 'x'",
    "update tasks set status = 'Complete'",
    "insert into tasks (task_type, project_id, status) values ('t', %(project)s, 'Complete')",
]


@pytest.mark.parametrize("statement", FORBIDDEN_COLUMNS)
def test_some_columns_are_not_even_their_owners_to_write(world, scene, statement):
    with world.acting("authenticated", world.user), pytest.raises(errors.InsufficientPrivilege):
        world.connection.execute(statement, scene)


def test_what_the_owner_does_still_keeps_shot_data_and_variants_in_step(world, scene):
    with world.acting("authenticated", world.user):
        world.run("update shot_generations set timeline_frame = 7")
        world.variant(scene["generation"], "new.png", primary=True)
        world.run("update generations set name = 'renamed'")
        world.run("delete from generation_variants where location = 'a.png'")
        world.check_deferred()
        shown = world.run("select shot_data, location, name from generations").fetchone()
    assert shown == ({str(scene["shot"]): [7]}, "new.png", "renamed")
    assert world.one("select name from generation_variants") == "renamed"
