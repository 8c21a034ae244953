"""A database that lacks tables or columns that loading needs is told all of them at once."""

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.errors import SchemaMismatchError
from shotkit.kit import Kit
from shotkit.load import lacking
from shotkit.load.lacking import needed, words
from tests.load.conftest import World

ON_ONE_SERVER = "columns are missing alike on every server"

REST = """
    select format('alter table public.%I drop column %I cascade', c.relname, a.attname), c.relname, a.attname
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
"""


def test_what_is_needed_is_enough_to_load_by(database):
    """Every column that is not needed is dropped, and all can still be loaded."""
    with psycopg.connect(database, autocommit=True) as connection:
        world = World(connection)
        shot, generation = world.shot(), world.generation()
        world.link(shot, generation, 0)
        columns = connection.execute(REST).fetchall()
        assert needed() <= {(table, column) for _, table, column in columns}
        for drop, table, column in columns:
            if (table, column) not in needed():
                connection.execute(drop)
    with Kit(Database(database)) as kit:
        one = kit.shot(shot)
        rows = [kit.projects(), kit.shots(), one.images(), one.links(), one.generations(), kit.links()]
        rows += [kit.generations(), kit.generations(prompt="a"), kit.generation(generation).lineage()]
        assert all(len(frame) for frame in rows if frame is not rows[-2])
        assert kit.generation(generation).details()
        assert (len(kit.tasks()), len(kit.ledger())) == (0, 0)


def test_all_that_is_lacking_is_told_at_once(database):
    with psycopg.connect(database, autocommit=True) as connection:
        world = World(connection)
        shot = world.shot()
        connection.execute(
            "drop table public.credits_ledger, public.tasks cascade;"
            "alter table public.generations drop column starred cascade, drop column child_order cascade;"
            "alter table public.shots drop column aspect_ratio cascade"
        )
    told = (
        "lacks what loading needs: the table credits_ledger; of generations child_order, starred; "
        "of shots aspect_ratio; the table tasks. Way out"
    )
    with Kit(Database(database)) as kit:
        for load in (kit.shots, kit.generations, kit.tasks, kit.shot(shot).images):
            with pytest.raises(SchemaMismatchError) as error:
                load()
            assert told in str(error.value)
        diagnosis = kit.doctor()
    assert ("generations", "starred") in diagnosis.unloadable
    assert f"not all can be loaded, for the database has none: {words(diagnosis.unloadable)}" in repr(
        diagnosis
    )


def test_nothing_is_lacking_where_all_is_there():
    assert lacking(needed()) == []
    assert lacking(needed() - {("shots", "name")}) == [("shots", "name")]
    assert words(lacking([("shots", "name")])).count("the table") == len({table for table, _ in needed()}) - 1
