"""What is read of a shot by statements that the server keeps: its rows by its index, for each his own."""

import psycopg
import pytest

from shotkit import sql
from shotkit.engine.identity import identity
from shotkit.load import load_phase_one, load_phase_two, load_rows

FILL = """
insert into public.generations (project_id, location, shot_data)
select %s, '/a.png', jsonb_build_object(gen_random_uuid(), jsonb_build_array(n))
from generate_series(1, 5000) as n
"""


@pytest.mark.only_on("own", because="its row level security is known")
def test_a_statement_that_is_kept_gives_each_user_his_own_rows(world, shot, kits):
    generation = world.generation()
    world.link(shot.id, generation, 3)
    stranger = world.insert("users", name="Eve")
    database = kits(user_id=world.user)._session.database
    for _ in range(8):  # so that the plan is the general one
        database._identity = identity(world.user, None, None, None)
        rows = load_rows(database, shot.id)
        assert rows.images["timeline_frame"].to_pylist() == rows.links["timeline_frame"].to_pylist() == [3]
        database._identity = identity(stranger, None, None, None)
        for path in ("load/phase_one", "load/phase_two"):
            assert database.rows(sql.statement(path), shot_id=shot.id) == []
    with database._pool.connection() as connection:
        kept = connection.execute("select statement from pg_prepared_statements").fetchall()
    assert sum("phase_" in statement for (statement,) in kept) == 2


def test_the_plan_that_is_kept_is_the_general_one_and_uses_the_index(world, shot):
    world.connection.execute("set session_replication_role = replica")
    world.connection.execute(FILL, [world.project])
    world.connection.execute("vacuum analyze public.generations")
    database = shot._session.database
    for _ in range(8):
        load_phase_one(database, shot.id)
        load_phase_two(database, shot.id)
    with database._pool.connection() as connection:
        kept = dict(
            connection.execute(
                "select substring(statement from '-- (\\w+)'), name from pg_prepared_statements"
                " where generic_plans > 0"
            ).fetchall()
        )
        named = psycopg.sql.Identifier(kept["phase_one"])
        explain = psycopg.sql.SQL("explain execute {} ({})").format(named, shot.id)
        plan = "\n".join(line for (line,) in connection.execute(explain).fetchall())
    assert {"phase_one", "phase_two"} <= kept.keys()
    index = "generations_shot_data_idx" if world.schema == "own" else "idx_generations_shot_data"
    assert index in plan
    assert shot.id not in plan
