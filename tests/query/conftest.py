import pytest

from shotkit.query import QueryClient, Retry

from .scheduler import FakeScheduler


class Table:
    """A table behind the cache: `read` is a fetch function that counts its calls."""

    def __init__(self, rows=None):
        self.rows = {"a": 0} if rows is None else rows
        self.reads = 0
        self.error = None

    def read(self):
        self.reads += 1
        if self.error is not None:
            raise self.error
        return dict(self.rows)


@pytest.fixture
def scheduler():
    return FakeScheduler()


@pytest.fixture
def client(scheduler):
    with QueryClient(scheduler=scheduler, retry=Retry(jitter=lambda: 1.0)) as client:
        yield client


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def seen():
    """What an observer was told, newest last; `seen.append` as its callback."""
    return []
