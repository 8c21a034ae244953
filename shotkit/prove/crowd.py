"""Many writers at once, side by side on one generation after the other, so that no later write heals."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Barrier, BrokenBarrierError
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from shotkit.audit import run
from shotkit.errors import ConnectionLostError, ServerUnreachableError, ShotkitError
from shotkit.prove.scene import lay_ground
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.engine.scratch import Scratch

__all__ = ["Crowd", "crowd", "rounds"]

_EACH = 5  # writes of one writer to one generation


@dataclass(frozen=True)
class Crowd:
    """What `writers` at once left after `writes`, of which `refused` were not stored.

    `drifted` is how many of the `generations` have a wrong shot_data, `verdicts` why, by the audit's word.
    """

    writers: int
    writes: int
    refused: int
    refusal: str | None
    generations: int
    drifted: int
    verdicts: dict[str, int]
    seconds: float

    @property
    def per_thousand(self) -> float:
        """How many generations drift in 1,000 writes."""
        return round(1_000 * self.drifted / self.writes, 2)


def rounds(writers: int, writes: int) -> int:
    """Return how many generations `writers` write to until `writes` are done, the last in full."""
    return -(-writes // (writers * _EACH))


def crowd(server: "Scratch", writers: int, generations: int, seed: int, advance: Callable[[], None]) -> Crowd:
    """Let `writers` put each generation into a shot of their own, move it and take it out again."""
    chance = Random(f"{seed}/ids")  # noqa: S311  chooses writes, no secrets
    shots, members = ([_id(chance) for _ in range(count)] for count in (writers, generations))
    owner = server.open(guest=True)
    lay_ground(owner, shots, members)
    together = Barrier(writers, action=advance)
    crew = [
        _Writer(server.open(guest=True), shot, Random(f"{seed}/{number}"))  # noqa: S311
        for number, shot in enumerate(shots)
    ]
    started = perf_counter()
    _run(crew, members, together)
    seconds = perf_counter() - started
    findings = run(owner, "0001").findings
    wrong = findings[findings["generation_id"].isin(members)]
    refusals = [refusal for writer in crew for refusal in writer.refusals]
    return Crowd(
        writers,
        writers * generations * _EACH,
        len(refusals),
        refusals[0] if refusals else None,
        generations,
        wrong["generation_id"].nunique(),
        dict(sorted(Counter(wrong["verdict"]).items())),
        round(seconds, 3),
    )


@dataclass
class _Writer:
    """One writer with a shot of its own: there, a generation stands once or not at all."""

    database: "Database"
    shot_id: str
    chance: Random
    link: str | None = None
    refusals: list[str] = field(default_factory=list)

    def write_all(self, generations: list[str], together: Barrier) -> None:
        try:
            for generation_id in generations:
                together.wait()
                self.link = None
                for _ in range(_EACH):
                    self._write(generation_id)
        except BaseException:
            together.abort()  # or the others would wait for ever
            raise

    def _write(self, generation_id: str) -> None:
        frame = self.chance.randrange(1_000)
        if self.link is None:
            self.link = _id(self.chance)
            place = {"shot_id": self.shot_id, "generation_id": generation_id, "frame": frame}
            if not self._do("add", id=self.link, **place):
                self.link = None
        elif self.chance.random() < 0.7:  # noqa: PLR2004  mostly moves, as by hand
            self._do("move", id=self.link, frame=frame)
        elif self._do("remove", id=self.link):
            self.link = None

    def _do(self, write: str, **parameters: object) -> bool:
        try:
            # Open until the client commits: so the writers truly overlap.
            with self.database.transaction() as transaction:
                transaction.execute(statement(f"prove/{write}"), **parameters)
        except (ConnectionLostError, ServerUnreachableError):
            raise
        except ShotkitError as error:
            self.refusals.append(str(error))
            return False
        return True


def _run(crew: list[_Writer], generations: list[str], together: Barrier) -> None:
    with ThreadPoolExecutor(len(crew)) as threads:
        try:
            running = [threads.submit(writer.write_all, generations, together) for writer in crew]
            failed = [error for each in running if (error := each.exception())]
        except BaseException:  # Ctrl-C
            together.abort()
            raise
    for error in sorted(failed, key=lambda error: isinstance(error, BrokenBarrierError)):
        raise error


def _id(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
