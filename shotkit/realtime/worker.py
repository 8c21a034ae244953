"""The thread behind it: listens, or asks where nobody tells; when the server is lost, looks for it anew."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from shotkit.errors import ReadOnlyError, ShotkitError
from shotkit.realtime.changes import Changed, Joined, Own, Reason
from shotkit.realtime.messages import TOPICS, parsed
from shotkit.realtime.pace import Backoff, Pace
from shotkit.realtime.polling import Asking
from shotkit.realtime.telling import tells_all
from shotkit.realtime.watches import Watches
from shotkit.schema.capabilities import look
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Heard, Listener

__all__ = ["Deliver", "Status", "Task", "Worker"]

CHANNEL = "shotkit"
UNTOLD = {"generations"}  # which send nothing, and are asked for

Status = Literal["off", "listening", "polling", "reconnecting"]
Deliver = Callable[[Changed], object]
_logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Task:
    """What a worker is to do, and what is counted meanwhile; it outlives the worker."""

    database: "Database"
    deliver: Deliver
    pace: Pace
    watches: Watches
    own: Own
    ignored: int = 0
    last_error: str | None = None


class Worker(threading.Thread):
    """Follows the server for as long as `wanted(self)` says so; begins when the worker `before` has ended."""

    def __init__(
        self, task: Task, wanted: "Callable[[Worker], bool]", before: "threading.Thread | None"
    ) -> None:
        super().__init__(name="shotkit-realtime", daemon=True)
        self.status: Status = "reconnecting"
        self._task = task
        self.done = False
        self._wanted = wanted
        self._before = before
        self._woken = threading.Event()
        self._listener: Listener | None = None
        self._missed: Reason = "connected"

    def wake(self) -> None:
        """Have it look at once whether it is still wanted, and for what."""
        self._woken.set()
        if (listener := self._listener) is not None:
            listener.wake()

    def run(self) -> None:
        """Follow the server; begin anew, after growing pauses, whenever it is lost."""
        if self._before is not None:
            self._before.join()
            self._before = None
        pauses = Backoff(*self._task.pace.pauses)
        while self._wanted(self):
            began = time.monotonic()
            try:
                self._follow()
            except (ShotkitError, OSError) as error:
                self._lost(error)
                if time.monotonic() - began > self._task.pace.pauses[1]:
                    pauses.reset()
                self._pause(pauses.next())

    def _lost(self, error: Exception) -> None:
        self._task.last_error = str(error).partition("\n")[0]
        _logger.info("Realtime lost the server: %s", self._task.last_error)
        self.status = "reconnecting"
        self._missed = "reconnected"

    def _pause(self, length: float) -> None:
        until = time.monotonic() + length
        while self._wanted(self) and (left := until - time.monotonic()) > 0:
            self._woken.wait(left)
            self._woken.clear()

    def _follow(self) -> None:
        database = self._task.database
        if database.pooled or not (tells_all(look(database)) and self._listen()):
            self._poll()

    def _listen(self) -> bool:
        """Listen until nothing is wanted any more; False where LISTEN brings nothing."""
        joined = Joined(self._task.pace.joined, self._task.own)
        listener = self._listener = self._task.database.listen()
        try:
            listener.listen(CHANNEL)
            # Before the probe, which is a transaction too and would outdate what was read just now.
            [now] = self._task.database.rows(statement("realtime/snapshot"))
            if not self._hears(listener, joined):
                return False
            self.status = "listening"
            self._tell_all(now["snapshot"])
            self._relay(listener, joined)
        except ReadOnlyError:  # a standby server
            return False
        finally:
            self._listener = None
            listener.close()
        return True

    def _hears(self, listener: "Listener", joined: Joined) -> bool:
        """Send a word from another session; a pooler that lends sessions by transaction loses it."""
        probe = f"shotkit_{secrets.token_hex(8)}"
        listener.listen(probe)
        self._task.database.rows(statement("realtime/probe"), channel=probe)
        until = time.monotonic() + self._task.pace.probe
        while self._wanted(self) and (left := until - time.monotonic()) > 0:
            if probe in self._take(listener.wait(left), joined):
                return True
        return False

    def _relay(self, listener: "Listener", joined: Joined) -> None:
        asking = self._asking(tuple(UNTOLD))
        while self._wanted(self):
            now = time.monotonic()
            left = [wait for wait in (joined.left(now), asking.left(now)) if wait is not None]
            self._take(listener.wait(min(left, default=None)), joined)
            for changed in joined.take(time.monotonic()):
                self._tell(changed)
            self._ask(asking)

    def _take(self, heard: "list[Heard]", joined: Joined) -> set[str]:
        """Take in what was heard; return the channels it came by."""
        for channel, payload in heard:
            if message := parsed(payload):
                joined.add(message, time.monotonic())
            elif channel == CHANNEL:
                self._task.ignored += 1
        return {channel for channel, _ in heard}

    def _poll(self) -> None:
        asking = self._asking(tuple(TOPICS))
        while self._wanted(self):
            self._ask(asking)
            self.status = "polling"
            self._woken.wait(asking.left(time.monotonic()) or 0)
            self._woken.clear()

    def _asking(self, tables: tuple[str, ...]) -> Asking:
        return Asking(self._task.watches, tables, self._missed, self._task.pace)

    def _ask(self, asking: Asking) -> None:
        if asking.left(time.monotonic()) == 0:
            for changed in asking.ask(self._task.database):
                self._tell(changed)

    def _tell_all(self, snapshot: str) -> None:
        """Tell of all that is listened to: until LISTEN was in force, nothing was heard."""
        for table in (topic for topic in TOPICS if topic not in UNTOLD):  # in one order always
            self._tell(Changed(table, self._task.watches.ids(table), self._missed, snapshot=snapshot))

    def _tell(self, changed: Changed) -> None:
        if (wanted := self._task.watches.wanted(changed)) is None:
            return
        try:
            self._task.deliver(wanted)
        except Exception:
            # It is the receiver's own fault; the next change must still be told.
            _logger.exception("Realtime could not deliver %s.", wanted)
