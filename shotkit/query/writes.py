"""Writes: those of one scope are sent one at a time, in order; one that fails does not stop the next."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from shotkit.query.attempt import Outcome, attempt
from shotkit.query.edits import Edit, Edits
from shotkit.query.errors import ClientClosedError, SelfWaitError
from shotkit.query.events import first_line
from shotkit.query.keys import QueryKey
from shotkit.query.optimistic import Patch
from shotkit.query.store import Store

__all__ = ["Stored", "Write", "Writes"]

Stored = Callable[[Any], Mapping[QueryKey, Patch]]
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Write:
    """What is sent in which scope, what is shown meanwhile, and how the answer tells the rows as stored."""

    scope: Hashable
    send: Callable[[], Any]
    patches: Mapping[QueryKey, Patch]
    stored: Stored | None
    label: str


@dataclass(eq=False, slots=True)
class _Turn:
    """A place in the queue of a scope. `go` is called when it is the first; False: it was refused at once."""

    write: Write
    edit: Edit
    go: Callable[["_Turn"], bool]
    thread: int = 0


class Writes:
    """The queues of writes, one for each scope that has any."""

    def __init__(self, store: Store, edits: Edits) -> None:
        self._store = store
        self._edits = edits
        self._queues: dict[Hashable, deque[_Turn]] = {}

    def write(self, write: Write) -> Any:
        """Show the edit, wait for its turn, send it on this thread; return the answer or raise the error."""
        self._refuse_self_wait(write.scope)
        first = threading.Event()
        turn = self._enter(write, partial(_wake, first))
        try:
            first.wait()
        except BaseException as error:
            turn.edit.refuse(f"not sent: {first_line(error)}")
            self._leave(turn)
            raise
        return self._settle(turn, self._send(turn))

    def submit(self, write: Write) -> "Future[Any]":
        """Show the edit and return a future of the answer; a worker sends it when its turn comes."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()  # one who stops waiting does not take the write back
        self._enter(write, partial(self._dispatch, future))
        return future

    def _enter(self, write: Write, go: Callable[[_Turn], bool]) -> _Turn:
        """Take a place in the queue at the moment the edit is shown, so that both have one order."""
        entered: list[tuple[_Turn, bool]] = []

        def queue_up(edit: Edit) -> None:
            turn, queue = _Turn(write, edit, go), self._queues.setdefault(write.scope, deque())
            entered.append((turn, not queue))
            queue.append(turn)

        try:
            self._edits.begin(write.patches, write.label, queue_up)
        except BaseException:
            for turn, _ in entered:
                self._leave(turn)
            raise
        ((turn, first),) = entered
        if first:
            self._start(turn)
        return turn

    def _start(self, turn: _Turn | None) -> None:
        """Let the first of a queue go; after a close each is refused in its turn, without recursion."""
        while turn is not None and not turn.go(turn):
            turn = self._without(turn)

    def _dispatch(self, future: "Future[Any]", turn: _Turn) -> bool:
        try:
            self._store.scheduler.run(partial(self._send, turn), partial(self._land, turn, future))
        except ClientClosedError as error:
            turn.edit.refuse("not sent: the client was closed")
            future.set_exception(error)
            return False
        return True

    def _send(self, turn: _Turn) -> Outcome:
        if self._store.closed:
            return Outcome(error=ClientClosedError())
        turn.thread = threading.get_ident()
        return attempt(turn.write.send)

    def _land(self, turn: _Turn, future: "Future[Any]", outcome: Outcome) -> None:
        try:
            answer = self._settle(turn, outcome)
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the one who waits is told
            future.set_exception(error)
        else:
            future.set_result(answer)

    def _settle(self, turn: _Turn, outcome: Outcome) -> Any:
        """Settle before the next of the scope is sent: later rows must not be overwritten by earlier ones."""
        try:
            if outcome.error is not None:
                turn.edit.refuse(first_line(outcome.error))
                raise outcome.error
            turn.edit.acknowledge(_rows(turn.write, outcome.value))
            return outcome.value
        finally:
            self._leave(turn)

    def _leave(self, turn: _Turn) -> None:
        self._start(self._without(turn))

    def _without(self, turn: _Turn) -> _Turn | None:
        """Take a turn out of its queue and return the one that is the first by that, if there is one."""
        with self._store.changing():
            queue = self._queues[turn.write.scope]
            was_first = queue[0] is turn
            queue.remove(turn)
            if not queue:
                del self._queues[turn.write.scope]
            return queue[0] if queue and was_first else None

    def _refuse_self_wait(self, scope: Hashable) -> None:
        with self._store.changing():
            queue = self._queues.get(scope)
            sender = queue[0].thread if queue else 0
        if sender == threading.get_ident():
            raise SelfWaitError(
                f"A write of {scope!r} is being sent by this very thread; use write_async here."
            )


def _wake(first: threading.Event, _: _Turn) -> bool:
    first.set()
    return True


def _rows(write: Write, answer: Any) -> Mapping[QueryKey, Patch]:
    """Ask what the answer says was stored. The write is done, so that a failure here is told and no more."""
    if write.stored is None:
        return {}
    try:
        return write.stored(answer)
    except Exception:
        _logger.exception("The rows stored by %r could not be told; they will be fetched.", write.label)
        return {}
