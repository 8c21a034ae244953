"""Where no Spark answers it is told at once, without the token of the address."""

import pytest

from shotkit.engine import SparkDatabase
from shotkit.errors import ServerUnreachableError

ON_ONE_SERVER = "it reads a snapshot, or not even that"


@pytest.mark.parametrize(
    "address", ["sc://127.0.0.1:1/;token=SECRET", "spark://127.0.0.1:1,[::1]:1", "sc://a:b"]
)
def test_a_cluster_that_does_not_answer_is_told_at_once(demo_snapshot, address):
    with pytest.raises(ServerUnreachableError, match=r"No Spark answers at s.*Way out") as told:
        SparkDatabase(demo_snapshot, address)
    assert "SECRET" not in str(told.value)
