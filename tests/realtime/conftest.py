"""What the tests of realtime share: a world that commits, a receiver to wait on, and a hurried pace."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest

from shotkit.engine import Database
from shotkit.realtime import Changed, Pace, Realtime
from tests.schema.world import World

LONG = 30.0  # seconds after which a test that waits has failed
HURRIED = Pace(joined=0.05, probe=5.0, polls=(0.02, 0.1), pauses=(0.02, 0.2))


def eventually(condition: Callable[[], object]) -> None:
    """Wait for what has no signal of its own."""
    until = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < until, "never came"
        threading.Event().wait(0.005)


class Receiver:
    """Keeps what is delivered; tests wait for it by condition, never by the clock."""

    def __init__(self) -> None:
        self.changes: list[Changed] = []
        self.threads: set[threading.Thread] = set()
        self.failing: list[Exception] = []
        self._arrived = threading.Condition()

    def __call__(self, changed: Changed) -> None:
        with self._arrived:
            self.changes.append(changed)
            self.threads.add(threading.current_thread())
            self._arrived.notify_all()
        if self.failing:
            raise self.failing.pop()

    def until(self, fits: Callable[[Changed], bool]) -> Changed:
        """Wait for a change that fits, of those that were not asked for before."""

        def found() -> Changed | None:
            return next(filter(fits, self.changes), None)

        with self._arrived:
            assert self._arrived.wait_for(found, LONG), f"never came; came: {self.changes}"
            change = found()
            del self.changes[: self.changes.index(change) + 1]
            return change

    def of(self, id_: object, reason: str | None = None) -> Changed:
        return self.until(lambda changed: str(id_) in changed.ids and reason in (None, changed.reason))


@pytest.fixture
def writer(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def committed(writer: psycopg.Connection) -> World:
    """A user with a project, each line committed at once."""
    return World(writer)


@pytest.fixture
def received() -> Receiver:
    return Receiver()


@pytest.fixture
def open_realtime(received: Receiver) -> Iterator[Callable[..., Realtime]]:
    """Opens Realtime on an address as often as asked; closes all, and sees that the threads ended."""
    with ExitStack() as stack:

        def opened(conninfo: str, pace: Pace = HURRIED, **identity: object) -> Realtime:
            database = Database(conninfo, **identity)
            stack.callback(database.close)
            return stack.enter_context(Realtime(database, received, pace=pace))

        yield opened
    assert not [thread for thread in threading.enumerate() if thread.name == "shotkit-realtime"]


@pytest.fixture
def engine(database: str) -> Iterator[Database]:
    opened = Database(database)
    yield opened
    opened.close()


@pytest.fixture
def realtime(open_realtime, database) -> Realtime:
    return open_realtime(database)


@pytest.fixture
def silent(writer: psycopg.Connection) -> None:
    """A schema without the triggers of realtime, as the production database's is."""
    for table in ("shot_generations", "generation_variants", "shots"):
        names = writer.execute(
            "select tgname from pg_trigger where tgrelid = %s::regclass and tgname like 'notify%%'", [table]
        ).fetchall()
        for (name,) in names:
            writer.execute(f"drop trigger {name} on {table}")
