"""Two stores that are equal are told to be; of two that are not, exactly what differs is named."""

from itertools import product
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.compare import blocks, compare
from shotkit.compare.side import Side
from tests.compare.conftest import found
from tests.hostile import TEXTS
from tests.proxy import proxied

ODD = {
    "name text": [*TEXTS[:20], "", " ", "a\nb\t\\ \"'é😀 %s {0} $1", "?", "1:a"],
    "settings jsonb": [
        '{"n": [1.0, 1.50, 1e2, -0.0, 1e-7, 12345678901234567890.10]}', "null", "[]", '"1.0"', "0.10",
        '{"a\\"1.00": "b\\\\", "é": "\\u001f\\u007f", "": {"": null}}',
    ],
    "plain json": ['{"b" : 1,  "a": 2, "a": 3}', "1.0"],
    "moment timestamptz": [
        "2026-11-21 12:00:00.000001+02", "1969-12-31 23:59:59.999999+00", "0044-03-15 00:00:00+00 BC",
        "infinity", "-infinity", "9999-12-31 23:59:59.5+00",
    ],
    "local timestamp": ["2026-03-29 02:30:00", "1900-01-01 00:00:00.1"],
    "day date": ["2026-11-21", "0044-03-15 BC"],
    "amount numeric(12,4)": ["1.5", "0", "-0.0001", "100", "12345678.9"],
    "free numeric": ["1.0", "1.00", "0.001", "-100", "1e20"],
    "small smallint": ["-32768"],
    "big bigint": ["9223372036854775807"],
    "double float8": [
        "1", "-0", "-1.25e-9", "1.2345678901234567e16", "1e22", "5e-324", "1e15", "1e16", "0.1", "1e-7",
        "123456.789", "NaN", "-Infinity", "3e300",
    ],
    "single real": ["1", "1e6", "1.5e-8", "3e38", "-123456.7", "0.1", "1e10"],
    "flag boolean": ["t", "f"],
    "owners uuid[]": ["{}", f"{{{UUID(int=1)},NULL,{UUID(int=2)}}}"],
    "words text[]": ["{}", '{"",NULL,"a,b","2:ab","é\\"\\\\"}', "{NULL}"],
    "raw bytea": ["\\x00ff"],
}  # fmt: skip


def test_the_same_store_is_equal_however_each_side_is_read(filled_database, demo_snapshot, opened):
    sides = [opened(filled_database), opened(demo_snapshot)]
    for here, there in product(sides, repeat=2):
        comparison = compare(here, there)
        assert comparison.ok
        assert found(comparison) == []
        assert [each.rows_here for each in comparison.tables] == [
            each.rows_there for each in comparison.tables
        ]
        assert sum(each.rows_here for each in comparison.tables) == 356


def odd_values(connection: psycopg.Connection) -> int:
    """Give the projects columns of every type and odd values in them; return how many there are."""
    (user,) = connection.execute("select user_id from projects limit 1").fetchone()
    made = [(*column.split(" "), value) for column, values in ODD.items() for value in values]
    for name, type_ in dict.fromkeys(each[:2] for each in made):
        connection.execute(
            sql.SQL("alter table projects add column if not exists {} {}").format(
                sql.Identifier(name), sql.SQL(type_)
            )
        )
    for name, type_, value in made:
        others = {"user_id": user, "name": "odd"} | {name: value}
        connection.execute(
            sql.SQL("insert into projects ({}) values ({})").format(
                sql.SQL(", ").join(map(sql.Identifier, others)),
                sql.SQL(", ").join(
                    sql.SQL("%s::text::{}").format(
                        sql.SQL({"user_id": "uuid", "name": "text"}.get(each, type_))
                    )
                    for each in others
                ),
            ),
            [str(each) for each in others.values()],
        )
    return len(made)


def test_odd_values_have_the_same_checksums_in_both_engines(copy, copied, opened, snapshot_of, monkeypatch):
    number = odd_values(copy)
    live, snapshot = opened(copied), opened(snapshot_of(copied))
    monkeypatch.setattr("shotkit.compare.run.differences", lambda _, blocks, __: blocks)  # none may differ
    comparison = compare(live, snapshot)
    assert comparison.ok
    (projects,) = (each for each in comparison.tables if each.table == "projects")
    assert projects.rows_here > number > 70


CELLS = [
    ("generations", "location", "location || 'x'"),
    ("generations", "starred", "not starred"),
    ("generations", "params", "params || '{\"a\": 1}'"),
    ("generations", "shot_data", "null"),
    ("generations", "created_at", "created_at + interval '1 microsecond'"),
    ("generations", "based_on", "id"),
    ("shot_generations", "timeline_frame", "coalesce(timeline_frame, 0) + 1"),
    ("shot_generations", "metadata", "'[]'"),
    ("shot_generations", "generation_id", "id"),
    ("shots", "name", "name || ' '"),
    ("shots", "position", "position - 1"),
    ("tasks", "dependant_on", "array_append(dependant_on, null)"),
    ("tasks", "params", "jsonb_build_object('n', 1e2, 'was', params)"),
    ("credits_ledger", "amount", "amount + 0.001"),
    ("users", "email", "''"),
]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cell=st.sampled_from(CELLS), place=st.integers(0, 10_000))
def test_one_changed_cell_is_named_by_its_row_and_column_and_nothing_else(
    *, cell, place, copied, copy, opened, filled_database, demo_snapshot
):
    table, column, changed = cell
    # `starred` and `generation_id` change in every row; none is NULL before `shot_data` becomes it.
    ids = copy.execute(
        f"select id::text from {table} where {column} is distinct from ({changed}) order by id"
    ).fetchall()
    (id_,) = ids[place % len(ids)]
    kept = copy.execute(f"select {column}::text from {table} where id = %s", [id_]).fetchone()[0]
    (type_,) = copy.execute(f"select pg_typeof({column})::text from {table} where id = %s", [id_]).fetchone()
    copy.execute(f"update {table} set {column} = {changed} where id = %s", [id_])
    try:
        for other in (opened(filled_database), opened(demo_snapshot)):
            for here, there in ((opened(copied), other), (other, opened(copied))):
                assert found(compare(here, there)) == [(table, id_, "changed", column)]
    finally:
        copy.execute(f"update {table} set {column} = %s::text::{type_} where id = %s", [kept, id_])


def test_rows_that_only_one_side_has_are_added_and_removed(
    copy, copied, opened, filled_database, snapshot_of
):
    gone = copy.execute("delete from shots where position = 1 returning id::text").fetchall()
    made = copy.execute(
        "insert into users (name) select 'twin' from generate_series(1, 2) returning id::text"
    ).fetchall()
    expected = [
        *sorted(("shots", id_, "removed", None) for (id_,) in gone),
        *sorted(("users", id_, "added", None) for (id_,) in made),
    ]
    whole, changed = opened(filled_database), opened(copied)
    other = opened(snapshot_of(copied))
    assert gone
    assert made
    assert found(compare(changed, whole)) == found(compare(other, whole)) == expected
    assert found(compare(changed, other)) == []
    turned = {"added": "removed", "removed": "added"}
    assert found(compare(whole, changed)) == [(t, i, turned[change], None) for t, i, change, _ in expected]
    said = repr(compare(changed, whole))
    assert f"shots: {len(gone)} removed" in said
    assert "users: 2 added" in said
    assert "6 tables: the same" in said


def test_many_differences_are_found_in_portions(copy, copied, opened, demo_snapshot, monkeypatch):
    monkeypatch.setattr(blocks, "_AT_ONCE", 7)
    changed = copy.execute("update generations set name = 'other' returning id::text").fetchall()
    comparison = compare(opened(copied), opened(demo_snapshot))
    assert found(comparison) == sorted(("generations", id_, "changed", "name") for (id_,) in changed)
    assert len(changed) == 60


def test_values_that_change_places_or_come_twice_in_a_block_are_seen(
    copy, copied, opened, filled_database, monkeypatch
):
    """What sums without ids would miss, or what an exclusive or would cancel out."""
    monkeypatch.setattr(blocks, "_FEWEST", 0)  # digits: one block
    copy.execute("create table twins as select * from users")
    copy.execute("alter table users rename to users_before; alter table twins rename to users")
    (id_,) = copy.execute("select id::text from users limit 1").fetchone()
    copy.execute("insert into users select * from users where id = %s", [id_])
    copy.execute("insert into users select * from users where id = %s limit 1", [id_])
    (one,), (two,) = copy.execute("select id::text from shots order by id limit 2").fetchall()
    for was, becomes in ((one, UUID(int=1)), (two, one), (UUID(int=1), two)):
        copy.execute("update shots set id = %s where id = %s", [becomes, was])
    comparison = compare(opened(copied), opened(filled_database))
    assert [each[:3] for each in found(comparison)] == [
        ("shots", one, "changed"), ("shots", two, "changed"), ("users", id_, "changed"),
    ]  # fmt: skip


def test_rows_that_come_twice_on_both_sides_do_not_cancel_themselves_out(copy, copied, opened, snapshot_of):
    """An exclusive or would make nothing of either pair."""
    copy.execute("create table twins as select * from users union all select * from users")
    copy.execute("alter table users rename to users_before; alter table twins rename to users")
    before = opened(snapshot_of(copied))
    (id_,) = copy.execute(
        "update users set name = 'other' where id::text = (select min(id::text) from users) "
        "returning id::text"
    ).fetchone()
    after = opened(snapshot_of(copied))
    for here, there in ((opened(copied), before), (after, before)):
        assert found(compare(here, there)) == [("users", id_, "changed", "name")]


def test_a_token_signed_anew_and_a_number_spelt_otherwise_are_no_differences(
    copy, copied, opened, snapshot_of
):
    copy.execute(
        "update generations set location = 'https://a.example/b.png?token=one&x=1', "
        """params = '{"n": 1.50, "u": "https://a.example/b?token=one&x=1", "t": "1.50"}'"""
    )
    before = opened(snapshot_of(copied))
    copy.execute(
        "update generations set location = 'https://a.example/b.png?token=two', "
        """params = '{"n": 1.5, "u": "https://a.example/b?token=two&x=1", "t": "1.50"}'"""
    )
    copy.execute("""update users set api_keys = '{"key": "other"}'""")
    assert found(compare(opened(copied), before)) == []
    copy.execute("""update generations set params = params || '{"t": "1.5"}'""")
    assert {each[3] for each in found(compare(opened(copied), before))} == {"params"}


@pytest.mark.parametrize("differing", [False, True])
def test_the_round_trips_of_a_side_do_not_grow_with_its_tables(
    copied, copy, opened, demo_snapshot, differing
):
    if differing:
        copy.execute("update generations set name = 'other'; update shots set name = 'other'")
    with proxied(conninfo_to_dict(copied)["host"]) as proxy:
        live = opened(make_conninfo(copied, host=proxy.folder))
        live.verify()
        before = proxy.round_trips
        compare(live, opened(demo_snapshot))
        assert proxy.round_trips - before == len(["columns", "blocks", *["rows"] * differing, "commit"])


def test_each_side_is_of_one_moment(copied, copy, opened, filled_database, monkeypatch):
    """Another writes between what is asked."""
    ask = Side.ask

    def asked(side, questions):
        copy.execute("update shots set name = name || '.'")
        return ask(side, questions)

    copy.execute("update shots set position = position + 1 where position = 1")
    live, other = opened(copied), opened(filled_database)
    monkeypatch.setattr(Side, "ask", asked)
    assert {each[3] for each in found(compare(live, other))} == {"position"}
