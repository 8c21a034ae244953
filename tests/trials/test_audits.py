"""A small version of the trials of the audits."""

import pytest

from tests.trials.audits import live, recall, table
from tests.trials.ground import Ground, server


@pytest.fixture(scope="module")
def cluster():
    with server() as running:
        yield running


def test_what_is_planted_is_found_and_nothing_else(cluster):
    tried, same = recall(cluster, seeds=2)
    assert sum(each.planted for each in tried) > 100
    assert "1.000 | 1.000" in table(tried)[2]
    assert "byte for byte" in same


def test_no_false_alarm_while_writers_write(cluster):
    assert live(Ground.on(cluster, "live"), seconds=3).endswith("0 false alarms.")
