"""Proofs of schemas: the eras drift as production was seen to, our own holds, and nothing is touched."""

import json
import re

import psycopg
import pytest

from shotkit import ConfigurationError, CouldNotCompleteError, SchemaMismatchError
from shotkit.audit.verdicts import VERDICTS
from shotkit.engine import Database
from shotkit.prove import prove, rounds, steps
from tests.eras.ground import Ground
from tests.load.conftest import World

AT_ONCE = {"two transactions insert", "one deletes, another inserts"}
PAST = {"shot_data written directly", "a link inserted with triggers off"}
DRIFTS = {
    "own": set(),
    "s": {
        "a generation put into a shot twice", "links at frames NULL, 5, NULL", "one of two links deleted",
        "generation_id changed", "shot_id changed",
    } | AT_ONCE,
    "j": {"generation_id changed"} | AT_ONCE,
    "a": {"generation_id changed", "a frame changed while the generation is locked"} | AT_ONCE,
}  # fmt: skip
UNDONE = {"s": {"a link dragged twice"}, "j": {"a link dragged twice"}}


@pytest.fixture
def opened():
    """Opens databases read-only; closes them at the end."""
    made = []

    def open_it(address: str) -> Database:
        made.append(Database(address, read_only=True))
        return made[-1]

    yield open_it
    for each in made:
        each.close()


def named(proof, result, *, past=False):
    return {each.write for each in proof.tried if each.result == result and each.past is past}


@pytest.mark.parametrize("era", DRIFTS)
def test_each_write_and_a_crowd_leave_what_they_are_known_to_leave(era, database, shared_era, opened):
    told = []
    source = opened(database if era == "own" else shared_era(era))
    proof = prove(source, advance=lambda: told.append(1))
    assert named(proof, "drifts") == DRIFTS[era]
    assert named(proof, "undone") == UNDONE.get(era, set())
    assert named(proof, "refused") == set()
    assert named(proof, "drifts", past=True) == PAST
    assert (proof.crowd.drifted > 0) is (era != "own")
    assert proof.holds is (era == "own")
    assert set(proof.crowd.verdicts) <= VERDICTS.keys()
    assert proof.left_out == ()
    assert len(told) == steps(8, 2_000)


def test_a_seed_chooses_the_writes_and_the_number_of_them(database, opened):
    proof = prove(opened(database), writers=3, writes=100, seed=7)
    assert (proof.crowd.generations, proof.crowd.writes) == (rounds(3, 100), 105)
    assert proof.crowd.refused == 0
    data = json.loads(proof.to_json())
    assert (data["schema"], data["holds"], len(data["writes"])) == (1, True, 19)
    assert data["crowd"]["per_thousand"] == 0.0


def test_no_row_leaves_the_database_and_nothing_is_written_to_it(database, opened):
    everything = "select 'g', to_jsonb(g)::text, xmin::text, ctid::text from generations as g union all "
    everything += (
        "select 'l', to_jsonb(l)::text, xmin::text, ctid::text from shot_generations as l order by 1, 2"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        world = World(connection)
        world.link(world.shot("MY-SECRET"), world.generation(name="MY-SECRET"), 0)
        objects = "select count(*), max(oid::bigint) from pg_class"
        before = connection.execute(everything).fetchall(), connection.execute(objects).fetchall()
        source = opened(database)
        assert prove(source, writes=10).holds
        after = connection.execute(everything).fetchall(), connection.execute(objects).fetchall()
    assert before == after
    assert "MY-SECRET" not in source.schema()


def changed(address, *statements):
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_trigger_that_is_off_or_gone_shows(database, opened):
    changed(database, "alter table shot_generations disable trigger sync_shot_to_generation_delete")
    assert {"one of two links deleted", "the last link deleted"} <= named(
        prove(opened(database), writes=10), "drifts"
    )


def test_a_schema_that_leans_on_its_platform_is_stood_up(era_database, opened):
    address = era_database("a")
    changed(
        address,
        "create role strange_role_of_theirs",
        "create schema extensions; create function extensions.uuid_generate_v4() returns uuid language sql "
        "as 'select gen_random_uuid()'",
        "alter table shot_generations alter id set default extensions.uuid_generate_v4()",
        "alter table shot_generations add must text not null",
        "create table auth.users (id uuid primary key)",
        "alter table users add foreign key (id) references auth.users (id), add more int not null",
        "create policy theirs on shots to strange_role_of_theirs using (auth.uid() is not null)",
    )
    proof = prove(opened(address), writes=10)
    assert named(proof, "drifts") == DRIFTS["a"]
    changed(address, "drop policy theirs on shots; drop role strange_role_of_theirs")


def test_a_trigger_whose_function_is_elsewhere_is_told_as_left_out(database, opened):
    changed(
        database,
        "create schema hooks; create function hooks.call() returns trigger language plpgsql "
        "as 'begin return null; end'",
        "create trigger on_link after insert on shot_generations for each row execute function hooks.call()",
    )
    proof = prove(opened(database), writes=10)
    assert proof.left_out == ("shot_generations.on_link",)
    assert "not stood up: shot_generations.on_link" in repr(proof)
    assert proof.holds


def test_what_a_trigger_refuses_is_told_and_is_no_drift(database, opened):
    changed(
        database,
        "create function no_moves() returns trigger language plpgsql as $$ begin raise 'stay'; end $$",
        "create trigger no_moves before update of timeline_frame on shot_generations "
        "for each row execute function no_moves()",
    )
    proof = prove(opened(database), writes=200)
    assert "a frame changed" in named(proof, "refused")
    assert proof.crowd.refused > 0
    assert "stay" in proof.crowd.refusal
    assert proof.holds


def test_code_of_the_schema_cannot_reach_out_of_the_scratch_server(database, opened, tmp_path):
    changed(
        database,
        "create function reach_out() returns trigger language plpgsql security definer as $$ begin "
        "copy (select 1) to program 'true'; return new; end $$",
        "create trigger reach_out before insert on shot_generations "
        "for each row execute function reach_out()",
    )
    with pytest.raises(CouldNotCompleteError, match="permission denied"):
        prove(opened(database), writes=10)


def test_a_database_without_the_tables_is_refused(empty_database, opened):
    with pytest.raises(SchemaMismatchError, match=re.escape("no generations, projects, shot_generations")):
        prove(opened(empty_database), writes=10)


def test_whoever_may_not_read_the_tables_is_told(era_database, opened):
    address = era_database("j")
    with psycopg.connect(address, autocommit=True) as connection:
        Ground(connection, "j")
        connection.execute("drop role if exists nobody_here; create role nobody_here login")
    with pytest.raises(CouldNotCompleteError, match="permission denied"):
        prove(opened(psycopg.conninfo.make_conninfo(address, user="nobody_here")), writes=10)
    changed(address, "drop role nobody_here")


@pytest.mark.parametrize("wrong", [{"writers": 1}, {"writers": 65}, {"writes": 0}])
def test_a_crowd_of_one_or_no_write_is_refused(database, opened, wrong):
    with pytest.raises(ConfigurationError, match="2 to 64 writers"):
        prove(opened(database), **wrong)
