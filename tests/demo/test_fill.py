import shutil
import threading

import psycopg
import pytest

from shotkit.audit import run
from shotkit.demo import fill as filling
from shotkit.demo.drop import drop
from shotkit.demo.faults import plant
from shotkit.demo.fill import SIZES, fill
from shotkit.demo.run import run as run_demo
from shotkit.demo.story import ADA, BEN, MAIN_SHOT
from shotkit.engine import Database
from shotkit.errors import ConfigurationError
from shotkit.storage import Store
from tests.demo.conftest import pictures
from tests.demo.rules import BROKEN, broken
from tests.load.conftest import World
from tests.plugins.servers import create_database

MAIN = f"select id from shots where name = '{MAIN_SHOT}'"


def ask(connection, query):
    return connection.execute(query).fetchall()


def change(conninfo, *statements):
    with psycopg.connect(conninfo) as connection:
        return [connection.execute(statement).rowcount for statement in statements]


def test_small_has_60_generations_and_keeps_every_rule(small):
    assert ask(small, "select count(*) from generations") == [(60,)]
    assert broken(small) == {}


def test_medium_grows_out_of_small_and_keeps_every_rule(clone):
    filled = fill(clone.database, clone.store, "medium")
    assert (filled.generations, filled.pictures) == (5_000, 0)
    with psycopg.connect(clone.conninfo) as connection:
        assert ask(connection, "select count(*) from generations") == [(5_000,)]
        assert broken(connection) == {}
        biggest, smallest = ask(
            connection,
            "select max(n), min(n) from (select count(*) as n from shot_generations join generations g"
            " on g.id = generation_id where type = 'image' group by shot_id) as shots",
        )[0]
        assert 100 < biggest < 260
        assert 4 <= smallest < 10
        [(size,)] = ask(connection, "select avg(length(params::text)) from generations")
        assert 6_000 < size < 9_000
    assert fill(clone.database, clone.store, "medium").added == 0


def test_the_rules_can_be_broken(clone):
    change(
        clone.conninfo,
        "set session_replication_role = replica",
        "update generations set shot_data = '{}', type = 'image', location = '/x'",
        "update generations set tasks = jsonb_build_array(id)",
        "update users set credits = credits + 1",
        "update shot_generations set timeline_frame = -5, shot_id = gen_random_uuid(), metadata = '[]'",
        "update tasks set status = 'Cancelled', dependant_on = array[gen_random_uuid()]",
    )
    with psycopg.connect(clone.conninfo) as connection:
        found = broken(connection)
    assert len(found) > 12
    assert {
        "shot_data equals the links",
        "credits are the ledger's sum and were never overdrawn",
    } < found.keys()
    assert any("shot_generations_shot_id_fkey" in rule for rule in found)
    assert len(found.keys() - BROKEN.keys()) == 1


def test_two_fills_are_equal_byte_for_byte(clone, empty, dump, tmp_path):
    other = Store(tmp_path / "storage")
    assert fill(empty.database, other).pictures == 95
    assert dump(empty.conninfo) == dump(clone.conninfo)
    assert pictures(other.root) == pictures(clone.store.root)


def test_a_second_fill_writes_nothing(clone, dump):
    before = dump(clone.conninfo)
    again = fill(clone.database, clone.store)
    assert (again.added, again.pictures, again.generations) == (0, 0, 60)
    assert dump(clone.conninfo) == before


def test_a_missing_picture_is_painted_again(clone, tmp_path):
    store = Store(shutil.copytree(clone.store.root, tmp_path / "storage"))
    before = pictures(store.root)
    gone = next(store.root.rglob("*.webm"))
    gone.unlink()
    assert fill(clone.database, store).pictures == 1
    assert pictures(store.root) == before


CHANGES = {
    "moves a link": "update shot_generations set timeline_frame = 77"
    f" where timeline_frame = 81 and shot_id = ({MAIN})",
    "renames a shot": f"update shots set name = 'Mine' where name = '{MAIN_SHOT}'",
    "switches a primary": "update generation_variants set is_primary = true where id in"
    " (select min(id::text)::uuid from generation_variants where not is_primary group by generation_id)",
    "is given credits": "insert into credits_ledger (user_id, amount, type)"
    f" values ('{ADA.id}', 5, 'manual')",
    "makes a project": f"insert into projects (name, user_id) values ('Mine', '{BEN.id}')",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_what_the_user_changed_stays(clone, dump, statement):
    assert change(clone.conninfo, statement)[0] > 0
    before = dump(clone.conninfo)
    assert fill(clone.database, clone.store).added == 0
    assert dump(clone.conninfo) == before


PAIRS = "a segment starts at a positioned image of the shot that its parent is in"
DELETIONS = {
    "a link": f"delete from shot_generations where shot_id = ({MAIN}) and timeline_frame in (0, 268)",
    "a shot": f"delete from shots where name = '{MAIN_SHOT}'",
    "a primary variant": "delete from generation_variants where is_primary and generation_id in"
    " (select generation_id from generation_variants group by 1 having count(*) > 2)",
    "a last variant": "delete from generation_variants where generation_id in"
    " (select generation_id from generation_variants group by 1 having count(*) = 1)",
    "generations": "delete from generations where starred",
    "tasks": "delete from tasks where status = 'Complete'",
    "a project": "delete from projects where name = 'Valley films'",
}


@pytest.mark.parametrize("statement", DELETIONS.values(), ids=DELETIONS)
def test_what_the_user_deleted_comes_back_and_fits_what_is_there(clone, statement):
    assert change(clone.conninfo, statement)[0] > 0
    assert fill(clone.database, clone.store).added > 0
    assert fill(clone.database, clone.store).added == 0
    with psycopg.connect(clone.conninfo) as connection:
        # The server cuts a segment from a link that goes; a rerun inserts, it does not join again.
        assert broken(connection).keys() <= {PAIRS}
        assert ask(connection, "select count(*) from generations") == [(60,)]


def test_a_generation_that_comes_back_without_one_of_its_links_does_not_claim_it(clone):
    # The link is not missing, it belongs to another generation now; the plan of its old one still counts it.
    link = f"(select id from shot_generations where shot_id = ({MAIN}) and timeline_frame = 138)"
    change(
        clone.conninfo,
        f"create temp table old as select generation_id as id from shot_generations where id = {link}",
        f"update shot_generations set generation_id = (select id from generations where name = 'First light')"
        f" where id = {link}",
        "delete from generations where id in (select id from old)",
    )
    assert fill(clone.database, clone.store).added > 0
    with psycopg.connect(clone.conninfo) as connection:
        assert "shot_data equals the links" not in broken(connection)


@pytest.mark.parametrize("broken_at", [0, 1, 3])
def test_a_break_leaves_whole_chunks_and_a_rerun_completes_them(empty, clone, dump, monkeypatch, broken_at):
    monkeypatch.setitem(SIZES, "medium", 60 + 4 * filling.PER_PROJECT)
    settle, calls = filling._settle, iter(range(100))

    def breaks(transaction, name, generations):
        settle(transaction, name, generations)
        if next(calls) == 2 * broken_at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(filling, "_settle", breaks)
        with pytest.raises(KeyboardInterrupt):
            fill(empty.database, empty.store, "medium")
    with psycopg.connect(empty.conninfo) as connection:
        expected = 60 + (broken_at - 1) * filling.PER_PROJECT if broken_at else 0
        assert ask(connection, "select count(*) from generations") == [(expected,)]
        assert broken(connection) == {}
    fill(empty.database, empty.store, "medium")
    fill(clone.database, clone.store, "medium")
    assert dump(empty.conninfo) == dump(clone.conninfo)


def test_two_fills_at_once_make_one_demo(empty, clone, dump):
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(fill(empty.database, empty.store))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(filled.added for filled in done) == max(filled.added for filled in done)
    assert dump(empty.conninfo) == dump(clone.conninfo)


def test_only_an_embedded_or_scratch_database_is_filled(server, template, store):
    database = Database(create_database(server, f"production_{template}", template))
    with pytest.raises(ConfigurationError, match="_scratch"):
        fill(database, store)
    database.close()


def test_the_demo_makes_nothing_in_a_database_that_is_neither(server, template, monkeypatch):
    other = create_database(server, f"others_{template}", "template0")
    monkeypatch.setenv("SHOTKIT_URL", other)
    with pytest.raises(ConfigurationError, match="_scratch"):
        run_demo("small", print, fresh=False, progress=False)
    with psycopg.connect(other) as connection:
        made = (
            "select nspname from pg_namespace where nspname = 'shotkit' union select relname from pg_class "
        )
        assert ask(connection, made + "where relnamespace = 'public'::regnamespace") == []


def test_dropped_and_filled_anew_it_is_as_at_first_whatever_was_done_to_it_and_nothing_else_goes(clone, dump):
    before = dump(clone.conninfo)
    for fault in ("all", "0002", "0015", "0024", "0051", "0052"):
        plant(clone.database, fault)
    with psycopg.connect(clone.conninfo) as connection:
        world = World(connection)
        shot = world.shot("Mine")
        world.link(shot, world.generation(), 0)
    assert drop(clone.database) == 4
    with psycopg.connect(clone.conninfo) as connection:
        assert ask(connection, "select name from shots") == [("Mine",)]
        connection.execute(
            "insert into credits_ledger (user_id, amount, type) select id, 1, 'manual' from users"
        )
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("delete from credits_ledger")
    change(clone.conninfo, f"delete from users where id = '{world.user}'")
    fill(clone.database, clone.store)
    assert run(clone.database).ok
    assert {table: len(rows) for table, rows in dump(clone.conninfo).items()} == {
        table: len(rows) for table, rows in before.items()
    }


def test_an_unknown_size_is_refused_with_those_there_are(clone):
    with pytest.raises(ConfigurationError, match="small, medium, large"):
        fill(clone.database, clone.store, "huge")


def test_no_progress_is_shown_where_there_is_no_terminal(clone, capsys):
    fill(clone.database, clone.store, progress=True)
    assert capsys.readouterr() == ("", "")
