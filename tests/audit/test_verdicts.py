"""Audit 0001, each verdict a story: clean, break, found, repaired, clean."""

import json

import pytest

from shotkit.audit import apply, run
from tests.audit.conftest import findings, found
from tests.audit.world import GONE, G, S, right_documents

pytestmark = pytest.mark.only_on(
    "own", "s", because="all is written past the triggers; S stands for databases without our migrations"
)
LINKS = [
    (G[0], S[0], 0), (G[0], S[0], 100), (G[0], S[0], None),
    (G[0], S[1], 30),
    (G[1], S[0], 81),
    (G[2], S[2], None),
    (G[3], S[3], -1),
]  # fmt: skip
RIGHT = [0, 100, None]
UPPER = S[0].upper()

# What shot_data of G[0] holds for S[0] in place of [0, 100, null], and the verdict.
CELLS = [
    ("missing", "[]"),
    ("different", "[0, 99, null]"),
    ("different", "[null, null, 0]"),
    ("miscounted", "[0, 100]"),
    ("miscounted", "[0, 0, 100, null]"),
    ("miscounted", "0"),
    ("miscounted", "null"),
    ("unordered", "[100, 0, null]"),
    ("unordered", "[null, 0, 100]"),
    ("malformed", '[0, "100", null]'),
    ("malformed", "[0, true, null]"),
    ("malformed", "[0, 100.5, null]"),
    ("malformed", "[0, {}, null]"),
    ("malformed", "[0, [], null]"),
    ("malformed", "[[0, 100, null]]"),
    ("malformed", "[0, 2147483648, null]"),
    ("malformed", "[0, -2147483649, null]"),
    ("malformed", "[0, 1e400, null]"),
    ("malformed", '"0"'),
    ("malformed", "{}"),
    ("malformed", "false"),
    ("malformed", "0.5"),
    ("malformed", '[0, 100, null, "x"]'),
]
DOCUMENTS = ["null", "[]", '["a"]', '"{}"', "0", "true"]
KEYS = ["", "shot", UPPER, S[0] + "\n", "{" + S[0] + "}", "\u0001<b>\u202e", S[0].replace("-", "")]


@pytest.fixture
def clean(world, db):
    world.build(right_documents(G, LINKS), LINKS)
    assert findings(db) == set()
    return world


def is_found_and_repaired(db, *expected):
    report = run(db, "0001")
    assert found(report) == set(expected)
    assert not report.ok
    apply(db, report)
    assert run(db, "0001").ok


@pytest.mark.parametrize(("verdict", "cell"), CELLS)
def test_a_wrong_cell_is_found_and_repaired(clean, db, verdict, cell):
    clean.store(G[0], f'{{"{S[0]}": {cell}, "{S[1]}": [30]}}')
    is_found_and_repaired(db, (G[0], S[0], verdict))


def test_a_dropped_key_is_missing(clean, db):
    clean.store(G[0], json.dumps({S[0]: RIGHT}))
    is_found_and_repaired(db, (G[0], S[1], "missing"))


@pytest.mark.parametrize("document", [None, "{}"])
def test_links_of_a_generation_that_says_it_is_in_no_shot_are_missing(clean, db, document):
    clean.store(G[0], document)
    is_found_and_repaired(db, (G[0], S[0], "missing"), (G[0], S[1], "missing"))


@pytest.mark.parametrize("shot", [S[4], GONE])
@pytest.mark.parametrize("cell", ["[0]", "[]", "0", "null", "[0, null]"])
def test_an_entry_without_link_is_extra(clean, db, shot, cell):
    clean.store(G[5], f'{{"{shot}": {cell}}}')
    is_found_and_repaired(db, (G[5], shot, "extra"))
    assert clean.stored(G[5]) == {}


def test_an_extra_entry_says_whether_its_shot_is_there(clean, db):
    clean.store(G[5], json.dumps({S[4]: [0], GONE: [0]}))
    details = dict(run(db, "0001").findings[["shot_id", "detail"]].itertuples(index=False))
    assert "does not hold" in details[S[4]]
    assert "not there" in details[GONE]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_that_is_no_object_is_one_finding_whatever_its_links(clean, db, document):
    clean.store(G[0], document)
    is_found_and_repaired(db, (G[0], None, "malformed"))


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_no_canonical_uuid_is_malformed(clean, db, key):
    clean.store(G[1], json.dumps({S[0]: [81], key: [0]}))
    is_found_and_repaired(db, (G[1], key, "malformed"))
    assert clean.stored(G[1]) == {S[0]: [81]}


def test_a_bad_key_in_place_of_the_right_one_leaves_the_right_one_missing(clean, db):
    clean.store(G[1], json.dumps({UPPER: [81]}))
    is_found_and_repaired(db, (G[1], UPPER, "malformed"), (G[1], S[0], "missing"))


@pytest.mark.parametrize(
    ("generation", "shot", "cell"), [(G[1], S[0], "81"), (G[2], S[2], "null"), (G[3], S[3], "-1")]
)
def test_a_right_scalar_is_legacy_shape_where_lists_are_the_rule(clean, db, generation, shot, cell):
    clean.store(generation, f'{{"{shot}": {cell}}}')
    is_found_and_repaired(db, (generation, shot, "legacy_shape"))


def test_a_wrong_scalar_has_the_verdict_of_its_frame_and_its_detail_tells_the_shape(clean, db):
    clean.store(G[1], f'{{"{S[0]}": 80}}')
    assert "also a scalar" in run(db, "0001").findings["detail"][0]
    is_found_and_repaired(db, (G[1], S[0], "different"))


def test_several_faults_of_one_generation_are_each_found(clean, db):
    clean.store(G[0], json.dumps({S[0]: [100, 0, None], S[1]: 30, S[2]: [], "x": 0, GONE: ["a"]}))
    is_found_and_repaired(
        db,
        (G[0], S[0], "unordered"), (G[0], S[1], "legacy_shape"), (G[0], S[2], "extra"),
        (G[0], "x", "malformed"), (G[0], GONE, "malformed"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        f'{{"{S[1]}": [30], "{S[0]}": [0, 100, null]}}',
        f'{{"{S[0]}": [0.0, 1e2, null], "{S[1]}": [30.00]}}',
    ],
)
def test_the_order_of_keys_and_the_spelling_of_numbers_are_no_findings(clean, db, document):
    clean.store(G[0], document)
    assert findings(db) == set()


def test_look_alikes_are_no_findings_beside_a_fault_of_the_same_generation(clean, db):
    clean.store(G[0], f'{{"{S[0]}": [0.0, 1e2, null], "{S[1]}": []}}')
    assert findings(db) == {(G[0], S[1], "missing")}


@pytest.mark.parametrize("document", [None, "{}"])
def test_null_and_the_empty_object_both_say_in_no_shot(clean, db, document):
    clean.store(G[6], document)
    assert findings(db) == set()


def test_legal_duplicates_and_an_odd_frame_that_agrees_are_no_findings(world, db):
    links = [(G[0], S[0], 5), (G[0], S[0], 5), (G[0], S[0], None), (G[0], S[0], None), (G[1], S[0], -1)]
    world.build(right_documents(G, links), links)
    assert findings(db) == set()


@pytest.fixture
def older(world, db):
    """A database where scalars are the rule and all is right."""
    links = [(G[0], S[0], 30), (G[0], S[1], None), (G[1], S[0], 0)]
    world.scalars_rule()
    world.build(right_documents(G, links, arrays=False), links)
    assert findings(db) == set()
    return world


@pytest.mark.parametrize(
    ("verdict", "shot", "document"),
    [
        ("missing", S[1], {S[0]: 30}),
        ("extra", S[2], {S[0]: 30, S[1]: None, S[2]: 0}),
        ("different", S[0], {S[0]: 31, S[1]: None}),
        ("different", S[1], {S[0]: 30, S[1]: 0}),
        ("malformed", S[0], {S[0]: "30", S[1]: None}),
        ("malformed", "x", {S[0]: 30, S[1]: None, "x": 0}),
    ],
)
def test_where_scalars_are_the_rule_a_scalar_counts_as_a_list_of_one(older, db, verdict, shot, document):
    older.store(G[0], json.dumps(document))
    assert findings(db) == {(G[0], shot, verdict)}


def test_where_scalars_are_the_rule_a_second_link_is_miscounted(older, db):
    older.link(G[0], S[0], 0)
    assert findings(db) == {(G[0], S[0], "miscounted")}


def test_one_list_makes_lists_the_rule(older, db):
    older.store(G[1], json.dumps({S[0]: [0]}))
    assert findings(db) == {(G[0], S[0], "legacy_shape"), (G[0], S[1], "legacy_shape")}
