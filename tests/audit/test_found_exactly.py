"""Random links, random faults of all classes, several at once: found exactly, none invented, repaired."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotkit.audit import apply, run
from shotkit.demo.fault_kinds import VERDICTS
from shotkit.demo.faults import plant
from shotkit.errors import InvalidChangeError
from tests.audit.conftest import findings, found
from tests.audit.reference import classify
from tests.audit.world import GONE, G, S, right_documents

pytestmark = pytest.mark.only_on(
    "own", because="all is written past the triggers; test_verdicts.py has an era"
)

# Each example leaves the database as it builds it, so one database serves them all.
rule = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

FEW = G[:5]
frames = st.none() | st.sampled_from([0, 1, 50, 100, -1, 2**31 - 1])
links = st.lists(st.tuples(st.sampled_from(FEW), st.sampled_from(S[:4]), frames), max_size=25)
# Written as JSON text: 50.0 and 1e2 are whole, and no float of Python's would say so.
numbers = st.sampled_from(
    ["0", "1", "50", "50.0", "1e2", "100", "-1", "-1.0", "0.5", "2147483647", "2147483648", "1e30"]
)
odd = st.sampled_from(['"50"', "true", "{}", "[]", "[0]", '""', '{"a": [1]}'])
elements = st.one_of(numbers, numbers, st.just("null"), odd)
lists = st.lists(elements, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")
keys = st.one_of(
    st.sampled_from([*S[:4], *S[:4], GONE, S[0].upper(), "", "x\n\u2028<"]),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3),
)
objects = st.dictionaries(keys, st.one_of(lists, lists, elements), max_size=4).map(
    lambda cells: "{" + ", ".join(f"{json.dumps(key)}: {cell}" for key, cell in cells.items()) + "}"
)
documents = st.one_of(objects, objects, objects, elements, lists, st.none())


@st.composite
def drifted(draw, *, arrays):
    """Links, and documents of which some are right, some changed in a cell, some anything at all."""
    chosen = draw(links)
    stored: dict[str, str | None] = dict(right_documents(FEW, chosen, arrays=arrays))
    for generation in draw(st.lists(st.sampled_from(FEW), unique=True)):
        document = json.loads(stored[generation])
        if document and draw(st.booleans()):
            document[draw(st.sampled_from(sorted(document)))] = "CELL"
            stored[generation] = json.dumps(document).replace('"CELL"', draw(st.one_of(lists, elements)))
        else:
            stored[generation] = draw(documents)
    return chosen, stored


def holds_a_list(stored):
    parsed = [json.loads(text) for text in stored.values() if text is not None]
    cells = [cell for document in parsed if isinstance(document, dict) for cell in document.values()]
    return not cells or any(isinstance(cell, list) for cell in cells)


@rule
@given(drifted(arrays=True))
def test_lists_are_judged_as_the_reference_judges_and_the_repair_touches_nothing_else(world, db, drift):
    chosen, stored = drift
    world.build(stored, chosen)
    report = run(db, "0001")
    expected = classify(stored, chosen, arrays=True)
    assert found(report) == expected
    before = world.hashes()
    apply(db, report)
    after = world.hashes()
    assert {generation for generation in FEW if before[generation] != after[generation]} == {
        g for g, _, _ in expected
    }
    assert run(db, "0001").ok
    assert len(apply(db, report).changes) == 0
    assert world.hashes() == after


@rule
@given(drifted(arrays=False))
def test_scalars_are_judged_as_the_reference_judges(world, db, drift):
    chosen, stored = drift
    world.scalars_rule()
    world.build(stored, chosen)
    assert findings(db) == classify(stored, chosen, arrays=holds_a_list(stored))


@rule
@given(links, st.sampled_from([*VERDICTS, "all"]), st.integers(0, 30))
def test_what_is_planted_is_found_and_nothing_else(world, db, chosen, fault_class, seed):
    count = 1 + seed % 3
    world.build(right_documents(FEW, chosen), chosen)
    before = world.hashes()
    try:
        planted = plant(db, fault_class, count, seed)
    except InvalidChangeError:
        assert world.hashes() == before
        return
    assert len(planted) == count * (len(VERDICTS) if fault_class == "all" else 1)
    report = run(db, "0001")
    assert found(report) == {(fault.generation_id, fault.shot_id, fault.verdict) for fault in planted}
    apply(db, report)
    assert {g: world.stored(g) for g in FEW} == {
        g: json.loads(text) for g, text in right_documents(FEW, chosen).items()
    }
