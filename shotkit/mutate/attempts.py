"""Runs a transaction until it is stored or refused: again when another stood in its way, never twice."""

import random
import time
from typing import TYPE_CHECKING, TypeVar

from shotkit.engine import passing
from shotkit.errors import ConnectionLostError, CouldNotCompleteError, ServerUnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotkit.engine import Database, Transaction

__all__ = ["DEADLINE", "stored"]

DEADLINE = 30.0  # seconds to keep trying
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 1.0

_Result = TypeVar("_Result")


def stored(
    database: "Database",
    write: "Callable[[Transaction], _Result]",
    was_kept: "Callable[[Transaction, _Result], bool | None]",
    deadline: float = DEADLINE,
) -> _Result:
    """Return what `write` returned in the transaction that was committed.

    When the connection is lost in mid-commit, `was_kept` tells what became of that transaction, or None where
    it cannot; then, or when nobody answers until `deadline` seconds are over, ConnectionLostError says so.
    """
    pauses = _Pauses(deadline)
    while True:
        written: list[_Result] = []
        try:
            with database.transaction() as transaction:
                written.append(write(transaction))
            return written[0]
        except (ConnectionLostError, ServerUnreachableError) as error:
            if isinstance(error, ServerUnreachableError) and not pauses.begun:
                raise
            # Before the end of `write` no COMMIT was sent, and the server rolls back what lost its client.
            if written and _found_out(database, was_kept, written[0], pauses, error):
                return written[0]
            pauses.next(error)
        except CouldNotCompleteError as error:
            if not passing(error):
                raise
            pauses.next(error)


def _found_out(
    database: "Database",
    was_kept: "Callable[[Transaction, _Result], bool | None]",
    written: _Result,
    pauses: "_Pauses",
    lost: CouldNotCompleteError,
) -> bool:
    unknown = ConnectionLostError(
        f"{lost} It is not known whether the change was stored; load it again before you repeat it."
    )
    while True:
        try:
            with database.transaction() as transaction:
                kept = was_kept(transaction, written)
        except CouldNotCompleteError as error:
            if not (passing(error) or isinstance(error, ConnectionLostError | ServerUnreachableError)):
                raise unknown from error
            pauses.next(unknown)
        else:
            if kept is None:
                raise unknown from lost
            return kept


class _Pauses:
    """Waits longer each time, with jitter, until a deadline."""

    def __init__(self, deadline: float) -> None:
        self.begun = 0
        self._end = time.monotonic() + deadline

    def next(self, error: CouldNotCompleteError) -> None:
        """Wait; raise `error` when the time is over."""
        self.begun += 1
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self.begun)
        pause = random.uniform(_FIRST_PAUSE, longest)  # noqa: S311  spreads the writers; no secret
        if time.monotonic() + pause > self._end:
            raise error
        time.sleep(pause)
