"""Planted faults of every audit: found exactly, by key, or refused with nothing planted."""

import pytest

from shotkit.audit import run
from shotkit.audit.catalog import catalog
from shotkit.demo.faults import plant
from shotkit.demo.rule_faults import rule_classes
from shotkit.errors import InvalidChangeError

VERDICTS = [name for name in rule_classes() if "/" in name]
# A schema that is whole cannot hold the one, and the guards are no data.
NOT_PLANTED = {"0011/several"}
FEW = {"0006", "0022/cycle", "0023/cycle", "0024", "0025", "0031", "0051"}  # rooms in the small demo


def count_of(fault_class: str) -> int:
    return 1 if FEW & {fault_class, fault_class[:4]} else 3


@pytest.mark.parametrize("fault_class", VERDICTS)
def test_what_is_planted_is_found_and_nothing_else_of_its_audit(clone, fault_class):
    audit, _, verdict = fault_class.partition("/")
    assert run(clone.database).findings.empty
    planted = plant(clone.database, fault_class, count_of(fault_class), seed=3)
    findings = run(clone.database, audit).findings
    assert {(fault.verdict, fault.key) for fault in planted} == set(
        findings[["verdict", "key"]].itertuples(index=False, name=None)
    )
    assert {fault.verdict for fault in planted} == {verdict}
    assert len(findings) == len(planted) >= count_of(fault_class)
    assert run(clone.database, "0001").ok


def test_every_verdict_that_data_can_have_is_planted():
    of_data = [audit for audit in catalog()[1:] if not audit.live]
    told = {f"{audit.number}/{verdict}" for audit in of_data for verdict in audit.verdicts}
    assert told - set(VERDICTS) == NOT_PLANTED


def test_an_audits_number_plants_each_of_its_verdicts(clone):
    planted = plant(clone.database, "0012", 2)
    assert sorted(fault.verdict for fault in planted) == sorted(
        ["missing", "missing", "gone", "gone", "foreign", "foreign", "secondary", "secondary"]
    )
    found = set(run(clone.database, "0012").findings[["verdict", "key"]].itertuples(index=False, name=None))
    assert found == {(fault.verdict, fault.key) for fault in planted}


def test_what_is_already_faulty_is_passed_by(clone):
    first = plant(clone.database, "0005", 3)
    assert not {fault.key for fault in first} & {fault.key for fault in plant(clone.database, "0005", 3)}


def test_more_than_there_is_room_for_is_refused_and_nothing_is_planted(clone, dump):
    before = dump(clone.conninfo)
    with pytest.raises(InvalidChangeError, match=r"room for 2 faults of 0051_different, not for 100"):
        plant(clone.database, "0051", 100)
    assert dump(clone.conninfo) == before
