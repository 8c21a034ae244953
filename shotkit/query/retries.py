"""Which failed fetches are tried again, after how long, and until when."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Retry", "is_transient"]

# SQLSTATE: class 08 connection faults; a server that goes down or comes up; serialization failure, deadlock,
# lock not available. A statement timeout (57014) is none: the same request would take as long again.
_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03"})


def is_transient(error: BaseException) -> bool:
    """Say whether trying again may help: connection fault, serialization failure, deadlock, lock timeout.

    Errors of a database are told by their `sqlstate`; the causes of an error (`raise ... from`) are looked
    at too. Anything else, a wrong request or a missing right above all, is no reason to try again.
    """
    return any(_transient(each) for each in _causes(error))


def _transient(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state in _TRANSIENT_STATES or state.startswith("08")
    return isinstance(error, (ConnectionError, TimeoutError))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__


@dataclass(frozen=True)
class Retry:
    """Waits of `first` seconds, doubled each time up to `longest`, never past `deadline` seconds in all.

    `retryable` sorts the errors; `jitter` gives 0 to 1, so that a wait is between half and all of its time.
    """

    first: float = 0.1
    longest: float = 5.0
    deadline: float = 30.0
    retryable: Callable[[BaseException], bool] = is_transient
    jitter: Callable[[], float] = random.random

    def wait(self, error: BaseException, attempts: int, elapsed: float) -> float | None:
        """Return how long to wait after this many `attempts` in `elapsed` seconds, or None to give up."""
        if not self.retryable(error):
            return None
        length = min(self.longest, self.first * 2 ** min(attempts - 1, 32))
        wait = length * (0.5 + 0.5 * self.jitter())
        return wait if elapsed + wait <= self.deadline else None
