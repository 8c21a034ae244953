"""A snapshot holds what the database shows at one moment, as it stands there."""

import json
from contextlib import closing
from decimal import Decimal

import psycopg
import pytest

from shotkit.audit.flat import over_flat
from shotkit.engine import Database, DuckDatabase
from shotkit.snapshot import take
from shotkit.sql import names
from tests.snapshot.conftest import said

TABLES = (
    "users", "projects", "shots", "shot_generations", "generations", "generation_variants", "tasks",
    "credits_ledger",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_in_it_as_the_database_writes_it(duck, filled_database, table):
    columns = [column["name"] for column in duck.snapshot.tables[table]["columns"]]
    with psycopg.connect(filled_database) as connection:
        types = dict(connection.execute(
            "select column_name, udt_name from information_schema.columns where table_schema = 'public' "
            "and table_name = %s", (table,),
        ).fetchall())  # fmt: skip
        kept = {"bool", "int4", "numeric", "timestamptz"}
        selected = ", ".join(
            c if types[c] in kept else f"{c}::text[]" if types[c] == "_uuid" else f"{c}::text"
            for c in columns
        )
        stored = connection.execute(f"select {selected} from public.{table}").fetchall()
    found = duck.rows(said(f"select * from public.{table}"))
    assert sorted(stored) == sorted(tuple(row.values()) for row in found)


@pytest.mark.parametrize("path", names("snapshot/server"))
def test_what_the_server_says_of_itself_is_in_it(duck, filled_database, path):
    name = path.rpartition("/")[2]
    with closing(Database(filled_database)) as database:
        stored = database.rows(over_flat(path))
    assert stored == duck.rows(said(f"select * from server.{name}"))


def test_the_columns_say_their_types_and_secrets_are_left_out(duck):
    users = duck.snapshot.tables["users"]["columns"]
    assert {"name": "credits", "type": "numeric(10,3)"} in users
    assert "api_keys" not in [column["name"] for column in users]
    assert duck.snapshot.manifest["left_out"] == [
        {"table": "users", "column": "api_keys", "reason": "it holds secrets"}
    ]


def test_a_user_takes_only_the_rows_that_he_may_see(database, tmp_path):
    with psycopg.connect(database) as connection:
        mine, _ = (
            connection.execute("insert into users (name) values (%s) returning id::text", (name,)).fetchone()[
                0
            ]
            for name in ("mine", "another's")
        )
        connection.execute("insert into projects (name, user_id) select u.name, u.id from users as u")
    with closing(Database(database, user_id=mine)) as acting:
        snapshot = take(acting, tmp_path / "mine")
    assert snapshot.manifest["acts_as"] == mine
    with closing(DuckDatabase(snapshot)) as duck:
        assert [row["name"] for row in duck.rows(said("select name from public.projects"))] == ["mine"]


def test_what_may_follow_an_address_is_cut_off(database, tmp_path):
    with psycopg.connect(database) as connection:
        user = connection.execute("insert into users (name) values ('one') returning id").fetchone()[0]
        project = connection.execute(
            "insert into projects (name, user_id) values ('one', %s) returning id", (user,)
        ).fetchone()[0]
        signed = "https://media.example.org/a.png?token=secret-token"
        connection.execute(
            "insert into generations (project_id, location, thumbnail_url) values (%s, %s, %s)",
            (project, signed, signed),
        )
        connection.execute(
            "insert into tasks (project_id, task_type, output_location) values (%s, 'one', %s)",
            (project, signed),
        )
    with closing(Database(database)) as opened, closing(DuckDatabase(take(opened, tmp_path / "s"))) as duck:
        for table in ("generations", "generation_variants", "tasks"):
            rows = duck.rows(said(f"select * from public.{table}"))
            assert len(rows) == 1
            assert "secret-token" not in repr(rows)
            assert "https://media.example.org/a.png" in repr(rows)


def test_amounts_stay_exact(duck):
    (row,) = duck.rows(said("select sum(amount) as total from public.credits_ledger"))
    assert isinstance(row["total"], Decimal)
    assert json.dumps(duck.snapshot.manifest)
