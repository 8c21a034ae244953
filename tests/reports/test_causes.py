"""Likely causes: what each era's own triggers left behind is told by its signature; what fits none is not."""

from contextlib import ExitStack

import pytest

from shotkit.audit import run
from shotkit.engine import Database
from tests.eras.ground import Ground
from tests.reports.made import drift, finding, report
from tests.schema.sessions import sessions_of

LINK = "insert into shot_generations (id, shot_id, generation_id, timeline_frame) values "
ONE = LINK + "('{link}', '{a}', '{g}', 0);"
ELSEWHERE = LINK + "('{other}', '{b}', '{g}', 5);"
# A list elsewhere: both shapes stood in one table when the lists came.
LATER = (
    "update generations set shot_data = '{{\"{a}\": [1]}}' where id = '{h}';"
    + LINK
    + "('{l}', '{a}', '{h}', 1);"
)
WRITES = {
    "a link that went to another generation": (
        "sja", ONE + "update shot_generations set generation_id = '{h}' where id = '{link}'", "moved link",
    ),
    "a link that went to another shot": (
        "s", ONE + "update shot_generations set shot_id = '{b}' where id = '{link}'", "moved link",
    ),
    "one of two links of a shot that went to another generation": (
        "ja", ONE + LINK + "('{other}', '{a}', '{g}', 9);"
        "update shot_generations set generation_id = '{h}' where id = '{other}'", "moved link",
    ),
    "frames beside a link off the timeline": (
        "s", LINK + "('{l}', '{a}', '{g}', null), ('{m}', '{a}', '{g}', 5), ('{n}', '{a}', '{g}', null)",
        "null wipe",
    ),
    "two frames where one can be said": ("s", ONE + LINK + "('{other}', '{a}', '{g}', 100)", "old format"),
    "a write by hand": (
        "sja", ONE + "update generations set shot_data = '{{\"x\": \"y\"}}' where id = '{g}'", "direct write",
    ),
    "a write by hand of one cell": (
        "ja", ONE + ELSEWHERE + "update generations set shot_data = shot_data || '{{\"{b}\": [\"5\"]}}' "
        "where id = '{g}'", "direct write",
    ),
    "an order by hand": (
        "ja", ONE + LINK + "('{other}', '{a}', '{g}', 9);"
        "update generations set shot_data = '{{\"{a}\": [9, 0]}}' where id = '{g}'", "direct write",
    ),
    "other frames by hand": (
        "ja", ONE + LINK + "('{other}', '{a}', '{g}', 9);"
        "update generations set shot_data = '{{\"{a}\": [4, 5]}}' where id = '{g}'", "unknown",
    ),
    "an empty list by hand": (
        "ja", ONE + ELSEWHERE + "update generations set shot_data = '{{\"{a}\": [], \"{b}\": [5]}}' "
        "where id = '{g}'", "unknown",
    ),
    "a shot that is gone": (
        "ja", ONE + "update generations set shot_data = shot_data || '{{\"{nowhere}\": [3]}}' "
        "where id = '{g}'", "unknown",
    ),
    "a load with the triggers off": (
        "sja", ONE + "set session_replication_role = replica;" + ELSEWHERE, "lost insert",
    ),
}  # fmt: skip
CASES = [
    pytest.param(era, statements, cause, id=f"{era}: {name}")
    for name, (eras, statements, cause) in WRITES.items()
    for era in eras
]


def told(ground, conninfo):
    """The likely cause of what is wrong with the generation g."""
    database = Database(conninfo)
    try:
        causes = run(database, "0001").causes
    finally:
        database.close()
    by_generation = dict(causes[["generation_id", "cause"]].itertuples(index=False))
    assert set(by_generation) == {ground["g"]}, "nothing else has drifted"
    return by_generation[ground["g"]]


@pytest.fixture
def started(era_database):
    """Opens the database of an era: its address, its ground, its sessions."""
    with ExitStack() as stack:

        def start(era):
            conninfo = era_database(era)
            sessions = stack.enter_context(sessions_of(conninfo))
            return conninfo, Ground(sessions.open(autocommit=True), era), sessions

        yield start


@pytest.mark.parametrize(("era", "statements", "cause"), CASES)
def test_what_a_write_left_behind_tells_its_cause(started, era, statements, cause):
    conninfo, ground, _ = started(era)
    ground.do(statements)
    assert told(ground, conninfo) == cause


def interleave(ground, sessions, first, second):
    one, other = sessions.open(), sessions.open()
    one.execute(ground.written(first))
    waiting = sessions.background(other, ground.written(second))
    one.commit()
    waiting.result()
    other.commit()


@pytest.mark.parametrize("era", ["s", "j", "a"])
def test_of_two_inserts_at_once_one_is_lost(started, era):
    conninfo, ground, sessions = started(era)
    interleave(ground, sessions, ONE, ELSEWHERE)
    assert told(ground, conninfo) == "lost insert"


def test_a_move_that_passed_by_a_locked_row_is_a_skipped_lock(started):
    conninfo, ground, sessions = started("a")
    ground.do(ONE)
    locked = "select from generations where id = '{g}' for key share"
    interleave(ground, sessions, locked, "update shot_generations set timeline_frame = 9 where id = '{link}'")
    assert told(ground, conninfo) == "skipped lock"


def test_a_link_that_passed_by_a_locked_row_to_another_shot_is_a_moved_link(started):
    conninfo, ground, sessions = started("a")
    ground.do(ONE)
    locked = "select from generations where id = '{g}' for key share"
    interleave(ground, sessions, locked, "update shot_generations set shot_id = '{b}' where id = '{link}'")
    assert told(ground, conninfo) == "moved link"


def test_a_scalar_that_was_right_is_of_the_old_format_once_lists_are_the_rule(started):
    conninfo, ground, _ = started("s")
    ground.do(ONE + "set session_replication_role = replica;" + LATER)
    assert told(ground, conninfo) == "old format"


def causes(*rows):
    return list(report(*rows).causes["cause"])


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        ([("different", "[0]", "[1]"), ("missing", None, "[5]")], "unknown"),
        ([("extra", "[0]", None), ("missing", None, "[5]")], "unknown"),
        ([("extra", "[0, 5]", None), ("missing", None, "[0, 5]")], "moved link"),
        ([("legacy_shape", "0", "[0]"), ("missing", None, "[5]")], "lost insert"),
        ([("miscounted", "[0, 7]", "[1, 2, 3]")], "unknown"),
        ([("different", "[null, null]", "[0, 81]")], "null wipe"),
        ([("different", "[0]", "[null]")], "skipped lock"),
        ([("different", "0", "[9]")], "unknown"),
    ],
)
def test_several_signatures_or_none_are_unknown(cells, cause):
    rows = [
        drift(stored, expected, verdict, shot_id=f"{n}")
        for n, (verdict, stored, expected) in enumerate(cells)
    ]
    assert causes(*rows) == [cause]


def test_each_drifted_generation_has_one_cause_and_nothing_else_has():
    rows = [drift(None, "[5]", "missing", generation_id=name, shot_id=shot) for name in "ba" for shot in "xy"]
    told_of = report(*rows, finding()).causes
    assert list(told_of.columns) == ["generation_id", "cause", "because"]
    assert {str(dtype) for dtype in told_of.dtypes} == {"string[pyarrow]"}
    assert list(told_of["generation_id"]) == ["a", "b"]
    assert len(report(finding()).causes) == 0
