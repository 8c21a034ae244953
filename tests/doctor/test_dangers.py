"""What is dangerous is found, each kind by its key, and what only looks so is not; no right is needed."""

import json
from collections.abc import Iterator
from importlib.metadata import version

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.doctor import KINDS, diagnose
from shotkit.engine import Database
from shotkit.errors import ConfigurationError
from shotkit.kit import Kit, connect
from shotkit.schema.capabilities import look
from tests.doctor.plants import INNOCENT, PLANTS
from tests.proxy import Renumbered, proxied


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    opened = Database(database)
    yield opened
    opened.close()


def told(database: Database) -> dict[str, str]:
    return {danger.key: danger.level for danger in diagnose(database).dangers}


def test_each_danger_is_found_once_planted_and_what_only_looks_so_is_not(db, database):
    found, said, ways_out = {}, "", 0
    with psycopg.connect(database, autocommit=True) as connection:
        assert told(db) == {}
        for name, plant in PLANTS.items():
            connection.execute(plant.breaks)
            diagnosis = diagnose(db)
            found[name] = {danger.key: danger.level for danger in diagnosis.dangers}
            said += repr(diagnosis) + diagnosis._repr_html_() + diagnosis.to_json()
            for danger in diagnosis.dangers:
                if "..." not in danger.way_out and "concurrently" not in danger.way_out:
                    with connection.transaction(force_rollback=True):
                        connection.execute(danger.way_out)
                        ways_out += 1
            connection.execute(plant.mends)
        assert found == {name: plant.told for name, plant in PLANTS.items()}
        for name, (breaks, mends) in INNOCENT.items():
            connection.execute(breaks)
            assert (name, told(db)) == (name, {})
            connection.execute(mends)
    kinds = {key.partition(":")[0] for plant in PLANTS.values() for key in plant.told}
    # An index that failed to be built takes two sessions; what judges it is the audits', tested there.
    assert KINDS.keys() - kinds == {
        "shot_data_index_invalid",
        "primary_index_invalid",
        "primary_index_repeated",
    }
    assert ways_out > len(PLANTS) / 2
    assert "delete from" not in said, "what a function says stays with it"


def test_the_way_out_is_a_statement_of_quoted_names(db, database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(PLANTS["hostile names"].breaks.replace("\n", "<b>"))
        connection.execute("alter table shot_generations disable trigger sync_shot_to_generation_insert")
        disabled, hostile = sorted(diagnose(db).dangers, key=lambda danger: -len(danger.danger))
        for danger in (disabled, hostile):
            connection.execute(danger.way_out)
    assert disabled.where == "shot_generations/insert/sync_shot_to_generation"
    assert told(db) == {}


def test_a_hostile_name_is_text_everywhere(db, database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute('create table public."<img src=x onerror=a()>\x1b[31m\n" (id int)')
    diagnosis = diagnose(db)
    assert "<img" not in diagnosis._repr_html_()
    assert "\x1b" not in repr(diagnosis) + diagnosis._repr_html_() + diagnosis.to_json()
    [danger] = json.loads(diagnosis.to_json())["dangers"]
    assert danger["key"] == "table_unsecured:<img src=x onerror=a()>\x1b[31m\n"
    assert diagnosis.findings["where"].to_list() == ["<img src=x onerror=a()>\x1b[31m\n"]
    assert str(diagnosis.findings["where"].dtype) == "string[pyarrow]"


def test_whoever_may_connect_is_told_the_same(db, database):
    with psycopg.connect(database, autocommit=True) as connection:
        for name in ("skip locked", "an update that is not checked", "no index of primaries"):
            connection.execute(PLANTS[name].breaks)
        connection.execute("create role shotkit_analyst; grant usage on schema public to shotkit_analyst")
        connection.execute("grant select on all tables in schema public to shotkit_analyst")
        connection.execute("create role shotkit_nobody")
        try:
            expected = told(db)
            assert len(expected) == 3
            for identity in ("shotkit_analyst", "anon", "service_role", "shotkit_nobody"):
                acting = Database(database, role=identity, read_only=True)
                diagnosis = diagnose(acting)
                assert {danger.key: danger.level for danger in diagnosis.dangers} == expected
                assert diagnosis.capabilities.role == identity
                may_read = {
                    column.may_read for table in diagnosis.capabilities.tables for column in table.columns
                }
                assert may_read == {identity in ("shotkit_analyst", "service_role")}
                acting.close()
        finally:
            connection.execute("drop owned by shotkit_analyst; drop role shotkit_analyst, shotkit_nobody")


def test_what_was_not_judged_is_in_the_headline(empty_database):
    with psycopg.connect(empty_database) as connection:
        connection.execute(
            "create table generations (id uuid); alter table generations enable row level security"
        )
    database = Database(empty_database)
    headline = repr(diagnose(database)).splitlines()[0]
    database.close()
    assert headline.endswith(", but not all was judged>")


def test_a_database_without_the_tables_is_told_as_not_judged(empty_database):
    database = Database(empty_database)
    diagnosis = diagnose(database)
    database.close()
    assert not diagnosis.ok
    assert diagnosis.dangers == ()
    assert ("shot_generations", "id") in diagnosis.lacking
    assert repr(diagnosis).startswith("<Diagnosis: no tables in public, so that nothing was judged>")
    assert "not judged, for the database has none: generation_variants.generation_id" in repr(diagnosis)


def test_the_look_is_one_round_trip_and_the_diagnosis_two_more(db, database):
    with proxied(conninfo_to_dict(database)["host"]) as proxy:
        through = Database(make_conninfo(database, host=proxy.folder))
        through.verify()
        before = proxy.round_trips
        seen = look(through)
        assert proxy.round_trips - before == 1
        diagnose(through)
        assert proxy.round_trips - before == 4
        through.close()
    assert not seen.is_pooled


def test_the_facts_name_the_database_and_what_is_installed_and_no_secret(db, database):
    secret = Database(f"{database} password=s3cr3t-canary")
    diagnosis = diagnose(secret)
    secret.close()
    assert f"\ndatabase: {db.name}\n" in repr(diagnosis)
    assert f"\nhere: duckdb {version('duckdb')}, " in repr(diagnosis)
    assert json.loads(diagnosis.to_json())["installed"].keys() >= {"anywidget", "pyspark"}
    assert "s3cr3t-canary" not in repr(diagnosis) + diagnosis.to_json() + diagnosis._repr_html_()


def test_a_pooler_in_between_is_seen(database):
    with proxied(conninfo_to_dict(database)["host"], Renumbered) as proxy:
        through = Database(make_conninfo(database, host=proxy.folder))
        assert not through.pooled, "nothing says so yet"
        assert look(through).is_pooled
        assert through.pooled, "one answer, wherever it is asked"
        assert "through a pooler" in repr(diagnose(through))
        through.close()


def test_the_shapes_of_shot_data_are_those_that_stand_there(db, database):
    with psycopg.connect(database, autocommit=True) as connection:
        user = connection.execute("insert into users default values returning id").fetchone()[0]
        project = connection.execute(
            "insert into projects (name, user_id) values ('p', %s) returning id", [user]
        ).fetchone()[0]
        seen = [look(db).shapes]
        for cell in ("null", "[0, null]", '"x"'):
            connection.execute(
                "insert into generations (project_id, shot_data) values (%s, %s)",
                [project, f'{{"a": {cell}}}'],
            )
            seen.append(look(db).shapes)
        connection.execute("insert into generations (project_id, shot_data) values (%s, '[1]')", [project])
        assert look(db).shapes == seen[-1]
        anonymous = Database(database, role="anon")
        assert look(anonymous).shapes == ()
        anonymous.close()
    assert seen == [(), ("scalar",), ("list", "scalar"), ("list", "odd", "scalar")]


def test_a_snapshot_is_no_server(db, tmp_path):
    with Kit(db) as kit:
        kit.snapshot(tmp_path / "taken")
    with connect(tmp_path / "taken") as kit, pytest.raises(ConfigurationError, match="looks at a server"):
        kit.doctor()
