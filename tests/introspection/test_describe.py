"""`shotkit db`: columns, DDL, types and migrations of any schema, as the command tells them."""

import json
import re
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from shotkit.cli import cli
from shotkit.engine import Database
from shotkit.errors import ConfigurationError, NotFoundError, NotPermittedError
from shotkit.schema.migrations import status
from shotkit.schema.supabase import applied, write

ON_ONE_SERVER = "the look it stands on is tested on each with the doctor, pg_dump's is the wheel's"
COLUMNS = """
select table_name, column_name, data_type, is_nullable from information_schema.columns
where table_schema = 'public' order by table_name collate "C", ordinal_position
"""
LIST = """
create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key{});
insert into supabase_migrations.schema_migrations (version) values ('20251201000002'), ('20251209000001');
"""


def db(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["db", *arguments], catch_exceptions=False)


@pytest.fixture
def opened():
    databases = []

    def open_(conninfo, **identity):
        databases.append(Database(conninfo, **identity))
        return databases[-1]

    yield open_
    for database in databases:
        database.close()


def test_the_columns_are_those_of_the_quick_list_of_the_server(database):
    with psycopg.connect(database) as connection:
        expected = connection.execute(COLUMNS).fetchall()
    rows = json.loads(db("columns", "--format", "json", "--url", database).stdout)
    names = ["table_name", "column_name", "is_nullable"]
    assert [[row[name] for name in names] for row in rows] == [[a, b, d] for a, b, _, d in expected]
    types = {row["column_name"]: row["data_type"] for row in rows if row["table_name"] == "tasks"}
    assert (types["status"], types["dependant_on"], types["created_at"]) == (
        "task_status", "uuid[]", "timestamp with time zone",
    )  # fmt: skip
    one = db("columns", "--table", "shots", "--url", database).stdout
    assert "aspect_ratio" in one
    assert "shot_data" not in one
    with pytest.raises(NotFoundError, match="db columns` lists all"):
        db("columns", "--table", '"; drop', "--url", database)


def test_the_dump_has_the_whole_schema_with_its_rights_and_no_row(database, tmp_path):
    file = tmp_path / "schema.sql"
    db("dump", "--url", database, "--output", str(file))
    text = file.read_text("utf-8")
    assert "GRANT SELECT,DELETE ON TABLE public.users TO authenticated" in text
    assert "CREATE POLICY shots_own" in text
    assert "COPY" not in text
    assert "CREATE TABLE public.shots" in db("dump", "--url", database).stdout


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("dataclasses", "class ShotsRow:"),
        ("pydantic", "class ShotsRow(BaseModel):"),
        ("typescript", '"shots": {'),
    ],
)
def test_types_are_written_in_each_language(database, language, says):
    assert says in db("types", "--as", language, "--url", database).stdout


def test_what_supabase_applied_is_listed_behind_what_shotkit_did(database, opened):
    assert applied(opened(database)) == []
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(LIST.format(", statements text[], name text"))
        connection.execute(
            "update supabase_migrations.schema_migrations set name = 'create_variant_sync_triggers' "
            "where version = '20251201000002'"
        )
    own, others = [], []
    for row in json.loads(db("status", "--format", "json", "--url", database).stdout):
        (own if row["keeper"] == "shotkit" else others).append(row)
    assert len(own) == len(status(opened(database)))
    assert [(row["number"], row["name"], row["state"]) for row in others] == [
        (20251201000002, "20251201000002_create_variant_sync_triggers", "applied"),
        (20251209000001, "20251209000001", "applied"),
    ]


def test_an_older_list_without_names_is_read_and_one_that_is_not_ones_own_is_told(empty_database, opened):
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(LIST.format(""))
    assert [migration.name for migration in applied(opened(empty_database))] == [
        "20251201000002", "20251209000001",
    ]  # fmt: skip
    with pytest.raises(NotPermittedError):
        applied(opened(empty_database, role="pg_monitor"))
    done = db("status", "--url", f"{empty_database} options='-crole=pg_monitor'")
    assert done.exit_code == 0
    assert "not this user's to read" in done.stderr
    assert "0001_tables" in done.stdout


def test_who_may_not_read_what_was_applied_is_told_so_and_what_there_is(database):
    reader = f"{database} options='-crole=pg_monitor'"
    done = db("status", "--format", "jsonl", "--url", reader)
    assert done.exit_code == 0
    assert "shotkit.migrations is not this user's to read" in done.stderr
    assert "GRANT USAGE ON SCHEMA shotkit" in done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["state"] for row in rows} == {"unreadable"}
    assert [row["name"] for row in rows] == [
        json.loads(line)["name"]
        for line in db("status", "--format", "jsonl", "--url", database).stdout.splitlines()
    ]


def test_shotkits_migrations_can_be_taken_over_as_supabases(database, empty_database, opened, tmp_path):
    done = db("supabase", str(tmp_path / "supabase" / "migrations"))
    files = sorted((tmp_path / "supabase" / "migrations").iterdir())
    assert done.stdout.count("wrote ") == len(files) == len(status(opened(database)))
    assert files[0].name == "20260101000001_shotkit_0001_tables.sql"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        for file in files:
            connection.execute(file.read_text("utf-8"))
    assert {found.state for found in status(opened(empty_database))} == {"applied"}
    assert (
        opened(empty_database).schema(bare=False).splitlines()[10:-10]
        == (opened(database).schema(bare=False).splitlines()[10:-10])
    )
    assert write(tmp_path / "supabase" / "migrations") == []
    files[2].write_text("select 1;\n")
    with pytest.raises(
        ConfigurationError, match=r"0003_shot_data_sync\.sql is there and is not what shotkit"
    ):
        write(tmp_path / "supabase" / "migrations")
    assert files[2].read_text() == "select 1;\n"


def test_the_page_names_every_command():
    page = (Path(__file__).parents[2] / "docs" / "database.md").read_text("utf-8")
    assert {*cli.commands["db"].commands} == {*re.findall(r"^\| `shotkit db (\w+)", page, re.MULTILINE)}
