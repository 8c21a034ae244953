"""One text, several engines: the same findings byte for byte, whatever stands in the tables."""

import json
import re
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotkit import sql
from shotkit.audit import flat, run
from shotkit.audit.flat import relations
from shotkit.demo.fault_kinds import VERDICTS
from shotkit.demo.faults import plant
from shotkit.engine import Database
from shotkit.sql import Statement
from tests.audit.conftest import found
from tests.audit.reference import classify
from tests.audit.stories import STORIES, Story
from tests.audit.studio import FILES, IDS, Studio
from tests.audit.test_found_exactly import FEW, drifted, keys, lists, odd
from tests.audit.test_planting import KINDS, LINKS
from tests.audit.world import GONE, G, S, rebuilt, right_documents
from tests.eras.ground import Ground
from tests.hostile import TEXTS
from tests.plugins.engines import assert_same

pytestmark = pytest.mark.only_on("own", because="one test here tells the eras to the engines")

ON_ONE_SERVER = "A snapshot is held against the database that it was taken from; taking it is tested on each."

rule = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def studio(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield Studio(connection)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_each_story_is_told_alike(studio, db, elsewhere, story: Story):
    studio.do(story.breaks, past=story.past)
    expected = run(db, story.audit)
    assert len(expected.findings)
    assert_same(run(elsewhere(db), story.audit), expected)


def test_nothing_is_found_where_nothing_is_wrong(studio, db, elsewhere):
    report = run(elsewhere(db))
    assert report.ok
    assert_same(report, run(db))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_kind_of_a_class_is_found_alike(world, db, elsewhere, verdict):
    world.build(right_documents(G, LINKS), LINKS)
    plant(db, verdict, count=sum(kind.verdict == verdict for kind in KINDS))
    expected = run(db)
    assert len(expected.findings)
    assert_same(run(elsewhere(db)), expected)


# Numbers that other readers of JSON round or spell anew, and texts that look like the marks between tokens.
NUMBERS = (
    "50.0", "-0.0", "1e2", "1.50", "0.10", "2147483647.0", "2147483648", "-2147483648", "-2147483649",
    "1e400", "12345678901234567890123", "0.1234567890123456789012345", "1e-30", "9223372036854775808",
)  # fmt: skip
numbers = st.sampled_from(NUMBERS)
texts = st.sampled_from(
    [", ", ": ", "], [", '"', "\\", '\\"', "\\u0041", "\x01\x1f\x7f", "\b\f\n\r\t", "{", "}]",
     "é\U0001f600", "1.0, 2.0", "null", "NULL", "", "a\u2028b", "$1 $a %s", ".0]"]
).map(json.dumps)  # fmt: skip
values = st.recursive(
    st.one_of(numbers, texts, odd, st.sampled_from(["null", "true", "0"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]"),
        st.dictionaries(texts, inner, max_size=3).map(
            lambda items: "{" + ",".join(f"{key}:{value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=5,
)
keys_of_any_kind = st.one_of(keys.map(json.dumps), texts)
# Keys may stand twice: the last one counts.
odd_documents = st.one_of(
    st.lists(st.tuples(keys_of_any_kind, st.one_of(values, values, lists)), max_size=4).map(
        lambda cells: "{" + ",".join(f"{key}:{value}" for key, value in cells) + "}"
    ),
    values,
    st.none(),
)
CELLS = ("stored_cells", "expected_cells", "rule")


def cells(database, relation: str) -> list[tuple[object, ...]]:
    """A relation's rows in an order of Python's."""
    text = flat._set_over(f"select * from {relation}", database.engine)
    rows = database.rows(Statement(f"flat/{relation}", "", {}, frozenset(), text))
    told = ({name: without_query(name, value) for name, value in row.items()} for row in rows)
    return sorted((tuple(row.items()) for row in told), key=repr)


def without_query(name: str, value: object) -> object:
    """An address up to its first `?`: what follows may be a signature, and no snapshot keeps it."""
    is_address = name in {"address", "location", "thumbnail_url", "output"} and isinstance(value, str)
    return value.partition("?")[0] if is_address else value


@rule
@given(drifted(arrays=True), st.dictionaries(st.sampled_from(FEW), odd_documents))
def test_odd_documents_are_read_alike_cell_by_cell(world, db, elsewhere, drift, documents):
    links, stored = drift
    world.build(stored | documents, links)
    other = elsewhere(db)
    for relation in CELLS:
        assert cells(other, relation) == cells(db, relation)
    assert_same(run(other, "0001"), run(db, "0001"))


def right(*links):
    return json.dumps(rebuilt([("", *link) for link in links])[""])


# Links and the document of a generation, told apart by whole texts or by the places of its cells in it.
MANY = [(str(UUID(int=0xABC000 + n)), n) for n in range(150)]
DOCUMENTS = {
    "one link": ([MANY[0]], right(MANY[0])),
    "one link, spelled otherwise": ([MANY[0]], right(MANY[0]).replace("0]", "0.0]")),
    "one link, and an entry more": ([MANY[0]], right(*MANY[:2])),
    "one link twice": ([MANY[0]] * 2, right(MANY[0], MANY[0])),
    "one link twice, stored once": ([MANY[0]] * 2, right(MANY[0])),
    "one link twice, another of its length in place of it": ([MANY[1]] * 2, right(*MANY[1:3])),
    "no link, and an entry": ([], right(MANY[0])),
    "no link, and none": ([], None),
    "two links, and none": (MANY[:2], None),
    "two links": (MANY[:2], right(*MANY[:2])),
    "two links, spelled otherwise": (MANY[:2], right(*MANY[:2]).replace("1]", "1.0]")),
    "two links, the first of another frame": (MANY[:2], right((MANY[0][0], 7), MANY[1])),
    "two links, and an entry more": (MANY[:2], right(*MANY[:3])),
    "two links, one in another key's end": (
        MANY[:2], right(*MANY[:2]).replace(f'{{"{MANY[0][0]}', f'{{"\\"{MANY[0][0]}')
    ),
    "many links": (MANY, right(*MANY)),
    "many links, one of another frame": (MANY, right(*MANY[:149], (MANY[149][0], 150))),
    "many links, one stored in another's place": ([*MANY[:149], MANY[0]], right(*MANY)),
}  # fmt: skip


def test_only_documents_that_differ_are_found_however_many_links_they_have(world, db, elsewhere):
    generations = {str(UUID(int=0x3000 + n)): name for n, name in enumerate(DOCUMENTS)}
    stored = {generation: DOCUMENTS[name][1] for generation, name in generations.items()}
    links = [(generation, *link) for generation, name in generations.items() for link in DOCUMENTS[name][0]]
    world.build(stored, links)
    expected = run(db, "0001")
    assert found(expected) == classify(stored, links, arrays=True)
    assert_same(run(elsewhere(db), "0001"), expected)


@pytest.mark.parametrize("written", ["[{}]", "{}", "[0, {}, null]"])
def test_every_number_is_read_alike(world, db, elsewhere, written):
    # A generation for each number, in a shot of which it has the link.
    places = {str(UUID(int=0x2000 + n)): number for n, number in enumerate(NUMBERS)}
    documents = {g: f'{{"{S[0]}": {written.format(number)}}}' for g, number in places.items()}
    world.build(documents, [(generation, S[0], 50) for generation in places])
    other = elsewhere(db)
    for relation in CELLS:
        assert cells(other, relation) == cells(db, relation)
    assert_same(run(other, "0001"), run(db, "0001"))


@rule
@given(drifted(arrays=False))
def test_scalars_are_judged_alike(world, db, elsewhere, drift):
    links, stored = drift
    world.scalars_rule()
    world.build(stored, links)
    assert_same(run(elsewhere(db), "0001"), run(db, "0001"))


params = st.one_of(values, st.none())


@rule
@given(st.tuples(params, params), values)
def test_params_are_held_against_each_other_alike(studio, db, elsewhere, unlike, same):
    write = "update {0} set params = %s where id = %s"
    with studio.connection.transaction():
        studio.connection.execute("set local session_replication_role = replica")
        for row, variant, of_variant, of_generation in (
            ("image", "original", *unlike), ("second", "of_second", same, same.replace("0.10", "0.1")),
        ):  # fmt: skip
            studio.connection.execute(write.format("generation_variants"), (of_variant, IDS[variant]))
            studio.connection.execute(write.format("generations"), (of_generation, IDS[row]))
    assert_same(run(elsewhere(db), "0014"), run(db, "0014"))


PAIRS = {
    "1": "1.0", "1.5": "1.50", "0": "-0.0", "0.10": "0.1", "1.05": "1.5", "10": "1", "100": "1e2",
    '"1.0"': '"1"', '"a 1.50, "': '"a 1.5, "', '[1.0, "1.0"]': '[1, "1.0"]', '{"1.0": 1}': '{"1": 1}',
    "null": '"null"', "1.001": "1.0010",
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS.items(), ids=PAIRS)
def test_two_spellings_are_held_against_each_other_alike(studio, db, elsewhere, one, other):
    with studio.connection.transaction():
        studio.connection.execute("set local session_replication_role = replica")
        for table, row, params in (("generations", "image", one), ("generation_variants", "original", other)):
            studio.connection.execute(f"update {table} set params = %s where id = %s", (params, IDS[row]))
    assert_same(run(elsewhere(db), "0014"), run(db, "0014"))


SIGNED = "https://example.org/1.jpg?token={}&x=1#t"


@pytest.mark.parametrize("tail", ["", "\u2028b", "\u2003", " b", "\"'\\\\b", "&token=z"])
def test_a_token_signed_anew_is_no_difference_on_any_engine(studio, db, elsewhere, tail):
    for table, row, token in (
        ("generations", "image", "a" + tail),
        ("generation_variants", "original", "b" + tail),
    ):
        with studio.connection.transaction():
            studio.connection.execute("set local session_replication_role = replica")
            studio.connection.execute(
                f"update {table} set params = %s, name = %s where id = %s",
                (json.dumps({"image": SIGNED.format(token)}), SIGNED.format(token), IDS[row]),
            )
    expected = run(db, ["0013", "0014"])
    assert expected.findings.empty
    assert_same(run(elsewhere(db), ["0013", "0014"]), expected)


# What a path is taken apart by, in any order, beside texts that would like to be more than text.
parts = st.sampled_from(
    ["/storage/v1/object/", "public/", "image_uploads/", f"{IDS['ann']}/", "?", "#", "//", "/./", "..", "\\",
     "temp-", "/temp-", "blob:", "BLOB:", ".MP4", ".mp4", ".webm", ".g\u0130f", ".JPG", "e\u0301", "\u00df",
     "\u212a", "\U0001f600", "'", "%", "$1", "", "a", "\x01", "\t", "\u2028", FILES]
)  # fmt: skip
addresses = st.one_of(st.none(), st.lists(parts, max_size=5).map("".join), st.sampled_from(TEXTS))
names = st.one_of(st.none(), st.sampled_from(TEXTS), parts)


@rule
@given(st.lists(addresses, min_size=7, max_size=7), st.lists(names, min_size=3, max_size=3))
def test_hostile_names_and_addresses_are_read_alike(studio, db, elsewhere, places, called):
    written = (
        ("generations", "image", {"location": places[0], "thumbnail_url": places[1], "name": called[0]}),
        ("generation_variants", "original",
         {"location": places[2] or "", "thumbnail_url": places[3], "name": called[1]}),
        ("generations", "film", {"location": places[4], "type": called[2]}),
        ("generations", "edit", {"location": places[5], "type": "video"}),
        ("tasks", "made", {"output_location": places[6]}),
    )  # fmt: skip
    with studio.connection.transaction():
        studio.connection.execute("set local session_replication_role = replica")
        for table, row, values_of in written:
            columns = ", ".join(f"{column} = %s" for column in values_of)
            studio.connection.execute(
                f"update {table} set {columns} where id = %s", [*values_of.values(), IDS[row]]
            )
    assert_same(run(elsewhere(db)), run(db))


def test_every_relation_that_a_rule_reads_has_the_same_columns_and_rows(studio, db, elsewhere):
    for story in STORIES:
        if story.audit in {"0005", "0012", "0022", "0025", "0061", "0062"}:
            studio.do(story.breaks, past=True)
    other = elsewhere(db)
    named = {
        name for path in sql.names("audits") for name in re.findall(r"\b(?:from|join) (\w+)", sql.text(path))
    }
    for relation in sorted(named & relations().keys()):
        assert cells(other, relation) == cells(db, relation), relation


DRIFT = """
insert into shot_generations (id, shot_id, generation_id, timeline_frame) values
    ('{one}', '{a}', '{g}', 0), ('{two}', '{a}', '{g}', 100), ('{three}', '{a}', '{h}', -1),
    ('{four}', '{b}', '{h}', null);
update shot_generations set generation_id = '{h}' where id = '{one}';
insert into tasks (id, task_type, params, project_id, status, dependant_on) values
    ('{done}', 'image', '{{}}', '{project}', 'Complete', null),
    ('{next}', 'image', '{{}}', '{project}', 'Queued', '{needed}');
update generations set type = 'video', location = 'https://example.org/1.jpg?token=x';
"""


def test_the_eras_of_production_are_read_alike(era, era_database, elsewhere):
    with psycopg.connect(conninfo := era_database(era), autocommit=True) as connection:
        ground = Ground(connection, era)
        # One id in S, a list of them in J and A.
        ground.ids["needed"] = GONE if era == "s" else f"{{{GONE},{ground['done']}}}"
        ground.do(DRIFT)
    database = Database(conninfo)
    expected = run(database)
    assert {"0001", "0002", "0026", "0061", "0062"} <= {audit[:4] for audit in expected.findings["audit"]}
    assert_same(run(elsewhere(database)), expected)
    database.close()
