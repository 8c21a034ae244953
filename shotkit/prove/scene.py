"""Rows for one try: two shots and two generations of a project, and the writes that may be done to them."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction

__all__ = ["Scene", "lay_ground"]

_USER, _PROJECT = (str(UUID(int=number)) for number in (1, 2))
_PAUSE = 0.002  # seconds between two looks at who waits


@dataclass
class Scene:
    """Two shots `a` and `b`, two generations `g` and `h`, all new and linked by nothing."""

    database: "Database"
    a: str = field(default_factory=lambda: str(uuid4()))
    b: str = field(default_factory=lambda: str(uuid4()))
    g: str = field(default_factory=lambda: str(uuid4()))
    h: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        lay_ground(self.database, [self.a, self.b], [self.g, self.h])

    def add(self, shot_id: str, generation_id: str, frame: int | None = 0) -> str:
        """Put a generation into a shot; return the link's id."""
        id_ = str(uuid4())
        self.do("add", id=id_, shot_id=shot_id, generation_id=generation_id, frame=frame)
        return id_

    def do(self, write: str, **parameters: object) -> None:
        """Run a statement of sql/prove/ in a transaction of its own."""
        with self.database.transaction() as transaction:
            transaction.execute(statement(f"prove/{write}"), **parameters)

    def frame(self, link_id: str) -> int | None:
        """Return where a link is."""
        [row] = self.database.rows(statement("prove/frame"), id=link_id)
        return row["frame"] if row["frame"] is None else int(row["frame"])

    def at_once(self, first: tuple[str, dict[str, object]], second: tuple[str, dict[str, object]]) -> None:
        """Run two statements in two transactions: the second begins and goes on before the first commits."""
        with ThreadPoolExecutor(1) as aside:
            with self.database.transaction() as transaction:
                _run(transaction, *first)
                running = aside.submit(self.do, second[0], **second[1])
                self._wait(running)
            running.result()

    def _wait(self, running: "Future[None]") -> None:
        """Return when it is done, or waits for the other transaction."""
        pause = Event()
        while not running.done():
            [row] = self.database.rows(statement("prove/waiting"))
            if row["sessions"]:
                return
            pause.wait(_PAUSE)


def lay_ground(database: "Database", shot_ids: list[str], generation_ids: list[str]) -> None:
    """Make shots and generations of one project; no trigger acts on that."""
    with database.transaction() as transaction:
        transaction.execute(statement("demo/triggers_off"))
        _run(
            transaction,
            "ground",
            {
                "user_id": _USER,
                "project_id": _PROJECT,
                "shot_ids": shot_ids,
                "generation_ids": generation_ids,
            },
        )


def _run(transaction: "Transaction", write: str, parameters: dict[str, object]) -> None:
    transaction.execute(statement(f"prove/{write}"), **parameters)
