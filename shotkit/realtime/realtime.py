"""Realtime: what its users hold."""

import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Self
from uuid import UUID

from shotkit.errors import ConfigurationError
from shotkit.realtime.changes import Own
from shotkit.realtime.pace import Pace
from shotkit.realtime.watches import EVERY_PROJECT, Watch, Watches
from shotkit.realtime.worker import Deliver, Status, Task, Worker

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["Realtime"]

_PATIENCE = 1.0  # seconds that close() waits for the thread; one in mid-connect ends later, by itself


class Realtime:
    """Tells what others change in what is watched: `deliver(changed)` is called on a thread of its own.

    The thread, and its connection, last from the first watch to the end of the last one or `close()`. After
    a fork the child begins anew: what the parent watches is the parent's.
    """

    def __init__(self, database: "Database", deliver: Deliver, *, pace: Pace | None = None) -> None:
        self._task = Task(database, deliver, pace or Pace(), Watches(), Own())
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._closed = False

    def watch(self, shot_id: str) -> Watch:
        """Watch the links of a shot, and all variants; keep the Watch, and read the rows after this call."""
        return self._watch("shot_generations", shot_id)

    def watch_generation(self, generation_id: str) -> Watch:
        """Watch the variants of a generation; keep the Watch."""
        return self._watch("generation_variants", generation_id)

    def watch_project(self, project_id: str) -> Watch:
        """Watch which shots a project has, and their names; keep the Watch."""
        return self._watch("shots", project_id)

    def watch_gallery(self, project_id: str | None) -> Watch:
        """Watch the generations of a project, or all, with their variants and shots; keep the Watch."""
        return self._watch("generations", project_id or EVERY_PROJECT)

    def ignore(self, xid: int) -> None:
        """Drop the echo of this process's own transaction; of the last 10,000 at most."""
        self._here().own.add(int(xid))

    @property
    def status(self) -> Status:
        """What it is doing; 'reconnecting' is also before the first connection."""
        self._here()
        worker = self._worker
        return worker.status if worker is not None and worker.is_alive() and not worker.done else "off"

    @property
    def last_error(self) -> str | None:
        """Why the connection was last lost or could not be made, in a line."""
        return self._here().last_error

    @property
    def ignored(self) -> int:
        """How many messages on the channel were foreign or malformed."""
        return self._here().ignored

    def close(self) -> None:
        """End all watches and the thread; nothing is delivered afterwards."""
        self._here().watches.clear()
        with self._lock:
            self._closed = True
            worker = self._worker
        if worker is not None:
            worker.wake()
            if worker is not threading.current_thread():
                worker.join(_PATIENCE)

    def _watch(self, table: str, id_: str) -> Watch:
        watch = Watch(table, _as_id(id_), self._stop)
        task = self._here()
        with self._lock:
            if self._closed:
                raise ConfigurationError("This Realtime is closed; connect again to watch anything.")
            task.watches.add(watch)
            if self._worker is None or self._worker.done or not self._worker.is_alive():
                self._worker = Worker(task, self._wanted, self._worker)
                self._worker.start()
            self._worker.wake()
        return watch

    def _stop(self, watch: Watch) -> None:
        self._here().watches.remove(watch)
        if (worker := self._worker) is not None:
            worker.wake()

    def _wanted(self, worker: Worker) -> bool:
        """Say whether the worker goes on; for one that was told no, the next watch makes another."""
        with self._lock:
            worker.done = worker.done or not len(self._task.watches)
            return not worker.done

    def _here(self) -> Task:
        if self._process != os.getpid():
            # After a fork the thread is the parent's, and so is its connection, which is kept, not closed.
            self._inherited = self._task, self._worker
            self._task = replace(self._task, watches=Watches(), own=Own())
            self._worker, self._lock, self._process = None, threading.Lock(), os.getpid()
        return self._task

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        why = f": {self.last_error}" if self.status == "reconnecting" and self.last_error else ""
        return f"<Realtime {self.status}, {len(self._task.watches)} watched{why}>"


def _as_id(value: str) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise ConfigurationError(f"{str(value)[:80]!r} is no id to watch; give a UUID.") from None
