"""Transactions that show the same snapshot and share out the work; of one, where more would not help."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar, cast

from shotkit import sql
from shotkit.engine import Aside, Database, SnapshotDatabase
from shotkit.errors import ConfigurationError, ServerUnreachableError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from shotkit.engine import Transaction

    Worker = Transaction | SnapshotDatabase

__all__ = ["MOST", "crew", "share_out"]

MOST = 8
_LARGE = 20_000  # rows from which a second connection gains more than it costs (benchmarks/RESULTS.md)
_USUAL = 2
_PAUSE = 0.2  # seconds

_Result = TypeVar("_Result")


@contextmanager
def crew(database: "Database | SnapshotDatabase", jobs: int | None) -> "Iterator[list[Worker]]":
    """Open `jobs` read-only transactions of one snapshot, for None as many as help.

    The others import the snapshot that the first exports. A pooler may lend them sessions of other servers,
    so there they are refused; engines over a snapshot share out their work themselves.
    """
    _refuse_no_number(jobs)
    if isinstance(database, SnapshotDatabase):
        if jobs is not None:
            raise ConfigurationError(f"{database.engine} shares out its work by itself; leave jobs out.")
        yield [database]
        return
    with ExitStack() as stack:
        first = stack.enter_context(database.transaction(read_only=True, repeatable=True))
        first.rows(sql.statement("audit/unhurried"))
        workers: list[Worker] = [first]
        if jobs != 1 and isinstance(database, Database):  # of what is tried and rolled back none else sees
            others = _fitting(database, first, jobs) - 1
            workers += _others(stack, database, first, others, must=jobs is not None)
        yield workers


def share_out(
    workers: "Sequence[Worker]",
    tasks: "Sequence[tuple[str, Callable[[Worker], _Result]]]",
    done: Callable[..., None],
) -> list[_Result]:
    """Run each task on some worker, and tell `done` its name; return the results in the order of the tasks.

    An error or Ctrl-C ends all: what the servers still run is cancelled, and nothing is left running.
    """
    if len(workers) == 1:
        results = []
        for name, task in tasks:
            results.append(task(workers[0]))
            done(done=name)
        return results
    left = deque(enumerate(tasks))
    told: SimpleQueue[tuple[int, _Result]] = SimpleQueue()
    found: dict[int, _Result] = {}
    with ExitStack() as stack:
        asides = [stack.enter_context(Aside(cast("Transaction", worker).cancel)) for worker in workers]
        running = [
            aside.start(_work, worker, left, told) for aside, worker in zip(asides, workers, strict=True)
        ]
        while len(found) < len(tasks):
            place, result = _next(told, running)
            found[place] = result
            done(done=tasks[place][0])
    return [found[place] for place in range(len(tasks))]


def _work(
    worker: "Worker",
    left: "deque[tuple[int, tuple[str, Callable[[Worker], _Result]]]]",
    told: "SimpleQueue[tuple[int, _Result]]",
) -> None:
    """Run what is left, one by one, until nothing is."""
    with suppress(IndexError):
        while True:
            place, (_, task) = left.popleft()
            told.put((place, task(worker)))


def _next(told: "SimpleQueue[_Result]", running: "list[Future[None]]") -> _Result:
    """Return what is told next, or raise what a worker failed of."""
    while True:
        with suppress(Empty):
            return told.get(timeout=_PAUSE)  # short, as in shotkit.engine.aside.result
        for each in running:
            if each.done():
                each.result()


def _fitting(database: Database, first: "Transaction", jobs: int | None) -> int:
    answer = first.run(sql.statement("audit/size"))
    (size,) = answer.rows()
    if database.is_pooled(answer.session_pid, size["session_pid"]):
        if jobs is not None:
            raise ConfigurationError(
                "Through a pooler an audit runs on one connection; leave jobs out, or give the "
                "address of the server itself."
            )
        return 1
    return jobs or (_USUAL if size["about_rows"] >= _LARGE else 1)


def _others(
    stack: ExitStack, database: Database, first: "Transaction", count: int, *, must: bool
) -> "Iterator[Transaction]":
    if count < 1:
        return
    snapshot = first.rows(sql.statement("audit/export_snapshot"))[0]["snapshot"]
    for _ in range(count):
        try:
            other = stack.enter_context(
                database.transaction(read_only=True, repeatable=True, snapshot=snapshot)
            )
        except ServerUnreachableError:
            if must:
                raise
            return  # the server takes no more sessions: the first does it alone
        other.rows(sql.statement("audit/unhurried"))
        yield other


def _refuse_no_number(jobs: object) -> None:
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= MOST):
        raise ConfigurationError(f"jobs is {jobs!r}; give a number of connections from 1 to {MOST}.")
