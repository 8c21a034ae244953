"""The third engine: the same findings, byte for byte, on Spark over the snapshot."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from shotkit import sql
from shotkit.audit import flat, run
from shotkit.audit.flat import relations
from shotkit.engine import Snapshot, SparkDatabase
from shotkit.errors import ConfigurationError, CouldNotCompleteError, SchemaMismatchError
from shotkit.snapshot import take
from shotkit.sql import Statement
from tests.audit.stories import STORIES
from tests.audit.studio import IDS, Studio
from tests.audit.world import GONE, S
from tests.hostile import TEXTS
from tests.plugins.engines import assert_same

pytestmark = pytest.mark.only_on("own", because="Spark reads snapshots, whose columns are ours")

ON_ONE_SERVER = "What Spark reads is a snapshot."

# The nth story of every audit is told in the nth round: Spark takes its time for each run.
ROUNDS = range(2)
GUARDS = ("0071", "0072", "0073", "0074")


@pytest.fixture
def on_spark(spark, tmp_path):
    """Takes a snapshot of a database and opens it on Spark."""
    made = []

    def over_snapshot(database):
        take(database, folder := tmp_path / str(len(made)))
        made.append(SparkDatabase(Snapshot(folder), spark.address))
        return made[-1]

    yield over_snapshot
    for each in made:
        each.close()


@pytest.fixture
def studio(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield Studio(connection)


def nth_stories(place):
    seen: dict[str, int] = {}
    for story in STORIES:
        # A second index of the one primary and a second primary cannot be told in one round.
        if seen.setdefault(story.audit, 0) == place and (place == 0 or story.audit[:4] not in GUARDS):
            yield story
        seen[story.audit] += 1


@pytest.mark.parametrize("place", ROUNDS)
def test_the_stories_are_told_alike(studio, db, on_spark, place):
    stories = list(nth_stories(place))
    for story in stories:
        studio.do(story.breaks, past=story.past)
    told = sorted({story.audit for story in stories})
    expected = run(db, told)
    assert len(expected.findings["audit"].unique()) > len(told) / 2  # some stories mend what others broke
    assert_same(run(on_spark(db), told), expected)


NUMBERS = (
    "50", "50.0", "50.00", "-0.0", "1e2", "1.50", "0.10", "2147483647.0", "-2147483649", "1e400", "1e-30",
    "12345678901234567890123", "9223372036854775808",
)  # fmt: skip
SAID = (
    ", ", "], [", '"', "\\", '\\"', "\\u0041", "\x01\x1f", "\b\f\n\r\t", "{", "}]", "é\U0001f600",
    "1.0, 2.0", "null", "", "a\u2028b", "$1 $a %s", ".0]", f"{S[0]}\n",
)  # fmt: skip
VALUES = (*NUMBERS, *map(json.dumps, SAID), "null", "true", "{}", "[]", "[[0]]", '{"a": [1, {"b": ", "}]}')


def odd_documents():
    """Each value in place of a document, a list, an element; each text in place of a key."""
    shot = json.dumps(S[0])
    for value in VALUES:
        yield from (
            value,
            f"{{{shot}: {value}}}",
            f"{{{shot}: [0, {value}, null], {json.dumps(S[1])}: [1.0]}}",
        )
    for text in (*SAID, S[0].upper(), GONE):
        yield f"{{{json.dumps(text)}: [0, 50], {shot}: [0, 50.0]}}"


CELLS = ("stored_cells", "expected_cells", "rule")


def rows(database, relation):
    text = flat._set_over(f"select * from {relation}", database.engine)
    found = database.rows(Statement(f"flat/{relation}", "", {}, frozenset(), text))
    return sorted((tuple(row.items()) for row in found), key=repr)


def test_odd_documents_are_read_alike_cell_by_cell(world, db, on_spark):
    documents = {
        f"{number:08}-0000-4000-8000-{number:012}": text for number, text in enumerate(odd_documents())
    }
    world.build(documents, [(id_, S[0], frame) for id_ in list(documents)[::3] for frame in (None, 50, 0)])
    other = on_spark(db)
    for relation in CELLS:
        assert rows(other, relation) == rows(db, relation)
    expected = run(db, "0001")
    assert len(expected.findings) > len(VALUES)
    assert_same(run(other, "0001"), expected)


def test_params_names_and_addresses_are_read_alike(studio, db, on_spark):
    with studio.connection.transaction():
        studio.connection.execute("set local session_replication_role = replica")
        for number, text in enumerate((*VALUES, *map(json.dumps, TEXTS))):
            generation, variant = (f"{number:08}-000{kind}-4000-8000-{number:012}" for kind in (1, 2))
            said = str(json.loads(text)).replace("\0", "")
            other = (text, text.replace("0.10", "0.1").replace("50.0", "50"), '"other"')[number % 3]
            studio.connection.execute(
                "insert into generations (id, project_id, type, location, name, params) "
                "values (%s, %s, %s, %s, %s, %s)",
                (generation, IDS["film_project"], said[:20], said, said, f'{{"a": {text}}}'),
            )
            studio.connection.execute(
                "insert into generation_variants (id, generation_id, is_primary, location, name, params) "
                "values (%s, %s, true, %s, %s, %s)",
                (variant, generation, f"{said}#", said[::-1], f'{{"a": {other}}}'),
            )
    read = ("0013", "0014", "0026", "0041", "0042")
    expected = run(db, read)
    assert {"0013", "0014"} <= {audit[:4] for audit in expected.findings["audit"]}
    assert_same(run(on_spark(db), read), expected)


def test_every_relation_that_a_rule_reads_has_the_same_columns_and_rows(studio, db, on_spark):
    other = on_spark(db)
    named = {
        name for path in sql.names("audits") for name in re.findall(r"\b(?:from|join) (\w+)", sql.text(path))
    }
    addresses = {"addresses", "media", "shown", "sole_primaries", "complete_tasks"}  # cut at their first `?`
    for relation in sorted(named & relations("postgres").keys() - addresses):
        assert rows(other, relation) == rows(db, relation), relation


def test_a_long_chain_of_generations_is_walked_to_its_end(studio, db, on_spark):
    ids = [f"{number:08}-0000-4000-8000-00000000000b" for number in range(8)]
    with studio.connection.transaction():
        studio.connection.execute("set local session_replication_role = replica")
        for id_, origin in zip(ids, ids[1:] + ids[:1], strict=True):
            studio.connection.execute(
                "insert into generations (id, project_id, based_on) values (%s, %s, %s)",
                (id_, IDS["film_project"], origin),
            )
    expected = run(db, "0023")
    assert len(expected.findings) == len(ids)
    assert_same(run(on_spark(db), "0023"), expected)


def test_a_session_that_was_there_stays_and_keeps_its_own(spark, demo_snapshot):
    from pyspark.sql import SparkSession

    theirs = SparkSession.active()
    theirs.sql("select 1 as kept").createOrReplaceTempView("theirs")
    ansi = theirs.conf.get("spark.sql.ansi.enabled")
    with closing(SparkDatabase(demo_snapshot)) as database:
        assert run(database, "0002").ok
    assert theirs.sql("select kept from theirs").collect()[0].kept == 1
    assert theirs.conf.get("spark.sql.ansi.enabled") == ansi
    assert not [view.name for view in theirs.catalog.listTables() if view.name.startswith("public__")]


def test_what_spark_refuses_names_the_file(spark):
    with pytest.raises(SchemaMismatchError, match=r"sql/flat/nothing\.sql over the snapshot"):
        spark.rows(Statement("flat/nothing", "", {}, frozenset(), "select * from public.nothing"))


def test_parameters_are_bound(spark):
    text = "select id from public.shots where name = %(name)s or name = '%%'"
    assert spark.rows(Statement("t", "", {}, frozenset({"name"}), text), name="' or true --") == []


ALONE = """
import sys
from shotkit.engine import Snapshot, SparkDatabase
from shotkit.audit import run
try:
    database = SparkDatabase(Snapshot(sys.argv[1]), sys.argv[2])
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
print(run(database, "0002"))
database.close()
"""


def alone(snapshot, address, **environment):
    """Spark in a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, str(snapshot.folder), address],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_alone_it_starts_says_nothing_beside_the_report_and_ends(demo_snapshot):
    done = alone(demo_snapshot, "local[1]")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0002_frames_not_negative: clean" in done.stdout


def test_without_java_it_says_what_it_needs(demo_snapshot, tmp_path):
    done = alone(demo_snapshot, "local[1]", JAVA_HOME=str(tmp_path))
    assert CouldNotCompleteError.__name__ in done.stderr
    assert "Java 17" in done.stderr


def test_without_spark_it_says_what_to_install(demo_snapshot, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'shotkit\[spark\]'"):
        SparkDatabase(demo_snapshot)
