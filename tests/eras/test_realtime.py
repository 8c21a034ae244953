"""Where nothing may be installed, what others change is found by asking, and nothing is left there."""

from tests.realtime.conftest import open_realtime, received

__all__ = ["open_realtime", "received"]

ON_ONE_SERVER = "what is asked of the server is tested on each in tests/realtime"
OBJECTS = "select count(*), max(oid::bigint) from pg_{}"


def test_a_change_of_others_is_found_and_the_schema_stays_as_it_was(world, address, open_realtime, received):
    def objects():
        kinds = ("class", "proc", "trigger")
        return [world.connection.execute(OBJECTS.format(kind)).fetchone() for kind in kinds]

    shot, generation, before = world.shot(), world.generation(), objects()
    realtime = open_realtime(address)
    watch = realtime.watch(shot)
    assert received.of(shot).reason == "connected"
    assert realtime.status == "polling"
    world.link(shot, generation, 5)
    assert received.of(shot).reason == "polled"
    watch.stop()
    assert objects() == before
