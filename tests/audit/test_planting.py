"""Planted faults: each kind is what it says, where its seed says, and never in a real database."""

from collections import Counter

import pytest

from shotkit.audit import apply, run
from shotkit.demo.fault_kinds import CELL_KINDS, DOCUMENT_KINDS, KEY_KINDS, VERDICTS
from shotkit.demo.faults import plant
from shotkit.engine import Database
from shotkit.errors import ConfigurationError, InvalidChangeError
from tests.audit.conftest import findings, found
from tests.audit.world import G, S, right_documents
from tests.plugins.servers import create_database

KINDS = (*CELL_KINDS, *KEY_KINDS, *DOCUMENT_KINDS)
LINKS = [
    (generation, shot, frame)
    for n, generation in enumerate(G)
    for shot in S[: n % 5]
    for frame in ([0, 81, None], [50], [None])[(n + int(shot[-1], 16)) % 3]
]


@pytest.fixture
def rich(world):
    world.build(right_documents(G, LINKS), LINKS)
    return world


def places(planted):
    return {(fault.generation_id, fault.shot_id, fault.verdict) for fault in planted}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_kind_of_a_class_is_planted_in_turn_found_and_repaired(rich, db, verdict):
    kinds = [kind.name for kind in KINDS if kind.verdict == verdict]
    planted = plant(db, verdict, count=len(kinds))
    assert Counter(fault.kind for fault in planted) == Counter(kinds)
    report = run(db, "0001")
    assert found(report) == places(planted)
    apply(db, report)
    assert findings(db) == set()


def test_every_verdict_has_a_class():
    assert {kind.verdict for kind in KINDS} == set(VERDICTS)


def test_all_plants_each_class_and_all_are_found_together(rich, db):
    planted = plant(db, "all", count=2)
    assert Counter(fault.verdict for fault in planted) == dict.fromkeys(VERDICTS, 2)
    assert findings(db) == places(planted)


def test_a_seed_always_chooses_the_same_places(rich, db):
    first = plant(db, "all", seed=4)
    rich.build(right_documents(G, LINKS), LINKS)
    assert plant(db, "all", seed=4) == first
    rich.build(right_documents(G, LINKS), LINKS)
    assert plant(db, "all", seed=5) != first


def test_what_is_already_faulty_is_passed_by(rich, db):
    first, second = plant(db, "missing", count=3), plant(db, "extra", count=3)
    assert not {fault.generation_id for fault in first} & {fault.generation_id for fault in second}
    assert findings(db) == places(first) | places(second)


def test_more_than_there_is_room_for_is_refused_and_nothing_is_planted(rich, db):
    before = rich.hashes()
    with pytest.raises(
        InvalidChangeError, match=r"room for \d+ faults of unordered, not for 100; nothing was planted"
    ):
        plant(db, "unordered", count=100)
    assert rich.hashes() == before


def test_an_unknown_class_is_refused_and_the_known_ones_are_told(rich, db):
    with pytest.raises(ConfigurationError, match="'mischief'; there are different, extra, legacy_shape"):
        plant(db, "mischief")


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_below_one_is_refused(rich, db, count):
    with pytest.raises(ConfigurationError, match=f"found {count}"):
        plant(db, "all", count)


def test_a_database_that_may_be_real_is_refused(server, template):
    real = Database(create_database(server, "production", template))
    with pytest.raises(ConfigurationError, match="not in 'production'"):
        plant(real, "missing")
    real.close()


def test_a_database_of_scalars_is_refused(world, db):
    world.scalars_rule()
    world.build(right_documents(G, [(G[0], S[0], 1)], arrays=False), [(G[0], S[0], 1)])
    with pytest.raises(ConfigurationError, match="holds scalars"):
        plant(db, "missing")
