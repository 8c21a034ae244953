"""Whether an event is older than the data: the server's own rule."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotkit.realtime import is_older
from shotkit.realtime.snapshots import holds

XIDS = st.integers(1, 12) | st.integers(2**31 - 6, 2**31 + 6) | st.integers(2**63 - 12, 2**63 - 2)


@st.composite
def snapshots(draw, xids=XIDS):
    first, following = sorted((draw(xids), draw(xids)))
    within = st.sets(st.integers(first, following - 1), max_size=5) if first < following else st.just(set())
    running = sorted(draw(within))
    return f"{first}:{following}:{','.join(map(str, running))}"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(snapshot=snapshots(), xids=st.lists(XIDS, min_size=1, max_size=20))
def test_the_rule_is_that_of_the_server(connection, snapshot, xids):
    near = [int(part) for part in snapshot.replace(":", ",").split(",") if part]
    asked = [xid for each in xids + near for xid in (each - 1, each, each + 1) if xid > 0]
    found = connection.execute(
        "select pg_visible_in_snapshot(xid::xid8, %s::text::pg_snapshot) from unnest(%s::text[]) as xid",
        [snapshot, [str(xid) for xid in asked]],
    ).fetchall()
    assert [is_older(xid, snapshot) for xid in asked] == [visible for (visible,) in found]


SMALL = snapshots(st.integers(1, 9))


@given(mine=SMALL, theirs=SMALL)
def test_a_snapshot_holds_another_when_it_shows_every_transaction_that_the_other_shows(mine, theirs):
    shown = [xid for xid in range(1, 12) if is_older(xid, theirs)]
    assert holds(mine, theirs) == all(is_older(xid, mine) for xid in shown)


@pytest.mark.parametrize("snapshot", ["", "1:2", "a:b:", "1:2:x"])
def test_what_is_no_snapshot_is_refused(snapshot):
    with pytest.raises(ValueError):  # noqa: PT011 -- int()'s own words, or those of unpacking
        is_older(1, snapshot)
