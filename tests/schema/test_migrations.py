"""Migrations: applied once, in order, each wholly or not at all, and never to a database of somebody else."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from shotkit import sql
from shotkit.engine import Database
from shotkit.errors import CouldNotCompleteError, NotPermittedError, ReadOnlyError, SchemaMismatchError
from shotkit.schema import migrations
from shotkit.schema.migrations import push, status
from tests.schema.sessions import sessions_of

NAMES = [path.rpartition("/")[2] for path in sql.names("migrations")]


@pytest.fixture
def opened():
    """Opens Databases that are closed at the end."""
    databases = []

    def open_(conninfo, **identity):
        databases.append(Database(conninfo, **identity))
        return databases[-1]

    yield open_
    for database in databases:
        database.close()


@pytest.fixture
def package(monkeypatch):
    """Puts other migrations into the package: texts, numbered from 1."""

    def holds(*texts):
        statements = {
            n: sql.Statement(f"migrations/{n:04}_m{n}", "for a test.", {}, frozenset(), text)
            for n, text in enumerate(texts, start=1)
        }
        monkeypatch.setattr(migrations, "packaged", lambda: statements)

    return holds


def ask(conninfo, statement):
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_an_empty_database_gets_every_migration_in_order_once(empty_database, opened):
    database = opened(empty_database)
    assert {found.state for found in status(database)} == {"pending"}
    assert [str(applied) for applied in push(database)] == NAMES
    assert [(found.name, found.state) for found in status(database)] == [(name, "applied") for name in NAMES]
    assert push(database) == []


def test_the_numbers_have_no_gap():
    assert [int(name[:4]) for name in NAMES] == list(range(1, len(NAMES) + 1))


def test_a_push_with_nothing_to_do_is_one_query(database, opened, monkeypatch):
    asked, ask_as_before = [], Database.rows
    monkeypatch.setattr(
        Database,
        "rows",
        lambda self, statement: asked.append(statement.path) or ask_as_before(self, statement),
    )
    monkeypatch.setattr(Database, "transaction", lambda *_, **__: pytest.fail("a second query"))
    assert push(opened(database)) == []
    assert asked == ["schema/applied"]


def test_a_migration_that_was_changed_after_it_was_applied_is_named_and_nothing_is_applied(
    empty_database, opened, package
):
    database = opened(empty_database)
    package("create table one ()")
    push(database)
    package("create table one_changed ()", "create table two ()")
    assert [found.state for found in status(database)] == ["changed", "pending"]
    with pytest.raises(SchemaMismatchError, match="0001_m1"):
        push(database)
    assert ask(empty_database, "select to_regclass('two')") == [(None,)]


def test_line_ends_of_another_system_are_no_change(empty_database, opened, package):
    package("select 1;\nselect 2;\n")
    push(opened(empty_database))
    package("select 1;\r\nselect 2;\r\n")
    assert [found.state for found in status(opened(empty_database))] == ["applied"]


def test_a_migration_this_version_does_not_know_is_told_and_left_alone(empty_database, opened, package):
    database = opened(empty_database)
    package("select 1", "select 2")
    push(database)
    package("select 1")
    assert [(found.name, found.state) for found in status(database)] == [
        ("0001_m1", "applied"),
        ("0002_m2", "unknown"),
    ]
    assert push(database) == []


@pytest.mark.parametrize("table", ["generations", "users", "shots"])
def test_tables_that_shotkit_did_not_make_are_refused_and_left_as_they_are(empty_database, opened, table):
    ask(empty_database, f"create table public.{table} (mine text)")
    with pytest.raises(SchemaMismatchError, match=f"public.{table}, which shotkit did not make"):
        push(opened(empty_database))
    assert ask(empty_database, "select to_regnamespace('shotkit'), to_regclass('public.projects')") == [
        (None, None)
    ]


def test_pushes_at_once_apply_each_migration_once(empty_database, opened):
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(push, [opened(empty_database) for _ in range(4)]))
    assert sorted(str(migration) for found in applied for migration in found) == NAMES
    assert {found.state for found in status(opened(empty_database))} == {"applied"}


def test_a_role_that_another_database_is_making_meanwhile_is_taken_as_it_is(empty_database):
    roles = sql.text("migrations/0002_roles_and_auth").partition("-- The caller")[0]
    for name in ("anon", "authenticated", "service_role"):
        roles = roles.replace(name, f"{name}_race")  # the cluster has the real ones
    with sessions_of(empty_database) as sessions:
        one, other = sessions.open(), sessions.open()
        one.execute(roles)
        waiting = sessions.background(other, roles)
        one.commit()
        waiting.result()
        other.commit()
        made = other.execute(
            "select rolname, rolbypassrls from pg_roles where rolname like '%_race'"
        ).fetchall()
        other.execute("drop role anon_race, authenticated_race, service_role_race")
        other.commit()
    assert sorted(made) == [("anon_race", False), ("authenticated_race", False), ("service_role_race", True)]


def test_a_migration_that_fails_leaves_nothing_of_itself_and_keeps_what_came_before(
    empty_database, opened, package
):
    package("create table one ()", "create table two (); select 1 / 0", "create table three ()")
    database = opened(empty_database)
    with pytest.raises(CouldNotCompleteError, match="division by zero"):
        push(database)
    assert [found.state for found in status(database)] == ["applied", "pending", "pending"]
    tables = "select to_regclass('one')::text, to_regclass('two'), to_regclass('three')"
    assert ask(empty_database, tables) == [("one", None, None)]
    package("create table one ()", "create table two ()", "create table three ()")
    assert [str(applied) for applied in push(database)] == ["0002_m2", "0003_m3"]


def test_where_the_first_migration_fails_not_even_the_bookkeeping_is_left(empty_database, opened, package):
    package("select 1 / 0")
    with pytest.raises(CouldNotCompleteError):
        push(opened(empty_database))
    assert ask(empty_database, "select to_regnamespace('shotkit')") == [(None,)]


def test_a_migration_is_plain_sql_in_which_a_percent_sign_is_just_that(empty_database, opened, package):
    package("create table one as select format('%s is 100%%', 'this') as said, 7 % 4 as rest")
    push(opened(empty_database))
    assert ask(empty_database, "select * from one") == [("this is 100%", 3)]


def test_a_read_only_connection_cannot_push_and_may_look(empty_database, database, opened):
    with pytest.raises(ReadOnlyError):
        push(opened(empty_database, read_only=True))
    assert push(opened(database, read_only=True)) == []
    assert {found.state for found in status(opened(database, read_only=True))} == {"applied"}


def test_a_user_can_neither_push_nor_look(database, opened):
    user = opened(database, user_id="11111111-1111-1111-1111-111111111111")
    for attempt in (push, status):
        with pytest.raises(NotPermittedError):
            attempt(user)
