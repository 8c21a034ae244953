"""The audit under live writes: no false alarm, and no writer waits for it."""

from random import Random
from threading import Event, Thread

import psycopg
import pytest

from shotkit.audit import run
from tests.audit.conftest import findings
from tests.audit.conftest import found as found_by
from tests.audit.world import G, S, World, right_documents

WRITERS, AUDITS = 4, 10
INSERT = "insert into shot_generations (generation_id, shot_id, timeline_frame) values (%s, %s, %s)"
# One link each: two statements over many would lock them in different orders.
ONE = "id = (select id from shot_generations where generation_id = %s and shot_id = %s limit 1)"
MOVE = f"update shot_generations set timeline_frame = coalesce(timeline_frame, 0) + 7 where {ONE}"
DELETE = f"delete from shot_generations where {ONE}"


class Writer(Thread):
    """Writes links of all generations through the triggers until told to stop."""

    def __init__(self, database: str, number: int, stop: Event) -> None:
        super().__init__()
        self.database, self.random, self.stop = database, Random(number), stop
        self.written = 0

    def run(self) -> None:
        with psycopg.connect(self.database, autocommit=True) as connection:
            while not self.stop.is_set():
                place = (self.random.choice(G), self.random.choice(S))
                connection.execute(INSERT, (*place, self.random.choice([None, self.random.randrange(500)])))
                connection.execute(MOVE, (place[0], self.random.choice(S)))
                if self.random.random() < 0.8:
                    connection.execute(DELETE, place)
                self.written += 1


@pytest.fixture
def writers(database: str, world: World):
    world.build(right_documents(G, []), [])
    stop = Event()
    started = [Writer(database, number, stop) for number in range(WRITERS)]
    for writer in started:
        writer.start()
    yield started
    stop.set()
    for writer in started:
        writer.join()


@pytest.mark.only_on("own", because="the eras' triggers do leave drift then: tests/eras/test_shot_data.py")
def test_no_false_alarm_while_four_writers_write_on_one_connection_or_two(db, writers):
    found = set()
    counts = [0]
    # Each audit looks at another state: it starts after something was written since the last.
    while len(counts) <= AUDITS:
        if (written := sum(writer.written for writer in writers)) > counts[-1]:
            counts.append(written)
            found |= findings(db)
            found |= found_by(run(db, ["0001", "0002", "0004"], jobs=2))
    assert found == set()
    assert all(writer.is_alive() for writer in writers)
