"""A snapshot holds what the database shows at one moment, as it stands there."""

import json
from contextlib import closing
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from shotkit.audit.flat import over_flat
from shotkit.engine import Database, DuckDatabase
from shotkit.errors import SchemaMismatchError
from shotkit.snapshot import export, take
from shotkit.sql import names
from tests.hostile import TEXTS
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
        signed = "https://media.example.org/a.png?signature=secret-word"
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
            assert "secret-word" not in repr(rows)
            assert "https://media.example.org/a.png" in repr(rows)


def test_shot_data_that_is_no_jsonb_is_refused_by_name_and_type(database, tmp_path):
    with psycopg.connect(database) as connection:
        connection.execute("drop table public.generations cascade")
        connection.execute("create table public.generations (id uuid, shot_data text)")
    refused = pytest.raises(SchemaMismatchError, match=r"generations\.shot_data is text, wanted is jsonb")
    with closing(Database(database)) as opened, refused:
        take(opened, tmp_path / "s")
    assert not list(tmp_path.iterdir())


def test_a_database_with_none_of_the_tables_is_refused(empty_database, tmp_path):
    refused = pytest.raises(SchemaMismatchError, match="none of the tables")
    with closing(Database(empty_database)) as opened, refused:
        take(opened, tmp_path / "s")
    assert not list(tmp_path.iterdir())


def test_a_token_inside_a_document_is_emptied_and_nothing_else(database, tmp_path):
    with psycopg.connect(database) as connection:
        user = connection.execute("insert into users (name) values ('one') returning id").fetchone()[0]
        settings = (
            '{"url": "https://a.example/sign/b.png?token=ey.J_-x&width=3", "prompt": "a token=kept \\" ?"}'
        )
        connection.execute(
            "insert into projects (name, user_id, settings) values ('one', %s, %s)", (user, settings)
        )
    with closing(Database(database)) as opened, closing(DuckDatabase(take(opened, tmp_path / "s"))) as duck:
        (row,) = duck.rows(said("select settings from public.projects"))
    assert json.loads(row["settings"]) == {
        "url": "https://a.example/sign/b.png?token=&width=3",
        "prompt": 'a token=kept " ?',
    }


def test_amounts_stay_exact(duck):
    (row,) = duck.rows(said("select sum(amount) as total from public.credits_ledger"))
    assert isinstance(row["total"], Decimal)
    assert json.dumps(duck.snapshot.manifest)


def test_all_of_it_is_of_one_moment(filled_database, database, tmp_path, monkeypatch):
    def read(*given):
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("insert into users (name) values ('in between')")
        return export_read(*given)

    export_read = export._read
    monkeypatch.setattr(export, "_read", read)
    with closing(Database(database)) as opened:
        assert take(opened, tmp_path / "s").tables["users"]["rows"] == 0


def test_what_a_user_may_not_read_is_left_out_and_said(database, tmp_path):
    with psycopg.connect(database) as connection:
        connection.execute("revoke select on users, tasks from service_role")
        connection.execute("grant select (id, name, credits) on users to service_role")
    with closing(Database(database, role="service_role")) as acting:
        snapshot = take(acting, tmp_path / "s")
    assert [column["name"] for column in snapshot.tables["users"]["columns"]] == ["id", "name", "credits"]
    assert "tasks" not in snapshot.tables
    assert {"table": "users", "column": "email", "reason": "this user may not read it"} in (
        snapshot.manifest["left_out"]
    )


def test_a_missing_table_or_column_is_missing_in_it(database, tmp_path):
    with psycopg.connect(database) as connection:
        connection.execute("drop table credits_ledger; alter table generations drop column name cascade")
    with closing(Database(database)) as opened:
        snapshot = take(opened, tmp_path / "s")
    assert "credits_ledger" not in snapshot.tables
    assert "name" not in [column["name"] for column in snapshot.tables["generations"]["columns"]]


ODD = {
    "an odd; name": ("inet", "10.0.0.1", "10.0.0.1/32"),
    "born": ("date", "2001-02-03", date(2001, 2, 3)),
    "small": ("smallint", "7", 7),
    "ratio": ("real", "0.5", 0.5),
    "raw": ("bytea", "\\x00ff", "\\x00ff"),
    "tags": ("text[]", '{a,NULL,"b c"}', ["a", None, "b c"]),
    "numbers": ("int[]", "{1,2}", ["1", "2"]),
    "amount": ("numeric", "1.5", Decimal("1.500")),
    "plain": ("json", '{"b":1}', '{"b":1}'),
}


def test_columns_of_other_types_come_as_their_text(database, tmp_path):
    with psycopg.connect(database) as connection:
        for name, (type_, value, _) in ODD.items():
            connection.execute(f"alter table users add \"{name}\" {type_} default '{value}'")
        connection.execute("insert into users (name) values ('one')")
    with closing(Database(database)) as opened, closing(DuckDatabase(take(opened, tmp_path / "s"))) as duck:
        (row,) = duck.rows(said("select * from public.users"))
    assert {name: row[name] for name in ODD} == {name: expected for name, (*_, expected) in ODD.items()}


def test_a_moment_without_end_is_none(database, tmp_path):
    with psycopg.connect(database) as connection:
        user = connection.execute("insert into users (name) values ('one') returning id").fetchone()[0]
        connection.execute(
            "insert into projects (name, user_id, created_at) values ('one', %s, 'infinity')", (user,)
        )
    with closing(Database(database)) as opened, closing(DuckDatabase(take(opened, tmp_path / "s"))) as duck:
        assert duck.rows(said("select created_at from public.projects")) == [{"created_at": None}]


def test_an_amount_that_is_no_number_is_told(database, tmp_path):
    with psycopg.connect(database) as connection:
        connection.execute("insert into users (name, credits) values ('one', 'NaN')")
    with closing(Database(database)) as opened, pytest.raises(SchemaMismatchError, match="rows of users"):
        take(opened, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_hostile_text_comes_as_it_is(database, tmp_path):
    with psycopg.connect(database) as connection:
        connection.execute("insert into users (name) select unnest(%s::text[])", (list(TEXTS),))
    with closing(Database(database)) as opened, closing(DuckDatabase(take(opened, tmp_path / "s"))) as duck:
        assert sorted(row["name"] for row in duck.rows(said("select name from public.users"))) == sorted(
            TEXTS
        )
