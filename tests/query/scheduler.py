"""A scheduler without threads: tests say when time passes, when a job reads and when it lands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shotkit.query import ClientClosedError


@dataclass(eq=False)
class Job:
    """Work given to a worker: first it reads, some time later its result lands."""

    work: Callable[[], Any]
    land_result: Callable[[Any], None]
    state: str = "queued"
    outcome: Any = None

    def read(self) -> None:
        assert self.state == "queued"
        self.state = "read"
        self.outcome = self.work()

    def land(self) -> None:
        assert self.state == "read"
        self.state = "landed"
        self.land_result(self.outcome)


@dataclass(eq=False)
class FakeScheduler:
    time: float = 1000.0
    jobs: list[Job] = field(default_factory=list)
    timers: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    closed: bool = False
    waited: bool = False

    def now(self) -> float:
        return self.time

    def run(self, work, land) -> None:
        if self.closed:
            raise ClientClosedError
        self.jobs.append(Job(work, land))

    def later(self, delay, act) -> None:
        if not self.closed:
            self.timers.append((self.time + delay, act))

    def close(self, *, wait: bool) -> None:
        self.closed, self.waited = True, wait
        self.timers.clear()

    def advance(self, seconds: float) -> None:
        """Let time pass, ringing each timer at its own moment."""
        end = self.time + seconds
        while due := [timer for timer in self.timers if timer[0] <= end]:
            timer = min(due, key=lambda each: each[0])
            self.timers.remove(timer)
            self.time = max(self.time, timer[0])
            timer[1]()
        self.time = end

    def open_jobs(self, state: str | None = None) -> list[Job]:
        self.jobs = [job for job in self.jobs if job.state != "landed"]
        return [job for job in self.jobs if state is None or job.state == state]

    def work(self) -> None:
        """Read and land all there is to do, oldest first."""
        while jobs := self.open_jobs():
            if jobs[0].state == "queued":
                jobs[0].read()
            jobs[0].land()
