"""Tries the writes one at a time, each on rows of its own, and has the audit judge what they leave."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from shotkit.audit import run
from shotkit.errors import ConnectionLostError, ServerUnreachableError, ShotkitError
from shotkit.prove.scene import Scene
from shotkit.prove.writes import WRITES, Write

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["Tried", "try_all"]

Result = Literal["agrees", "drifts", "undone", "refused"]


@dataclass(frozen=True)
class Tried:
    """One write and what came of it.

    What it left `agrees` with the links, or `drifts` by a verdict of the audit, with the cell of shot_data as
    `stored` and as `expected`; or it was `undone` though it reported success, or `refused` with an error.
    `detail` says more. One that goes `past` the triggers counts for no schema.
    """

    write: str
    result: Result
    verdict: str | None = None
    stored: str | None = None
    expected: str | None = None
    detail: str | None = None
    past: bool = False


def try_all(database: "Database", advance: Callable[[], None]) -> tuple[Tried, ...]:
    """Try every write in turn."""
    # By what stands here the audit knows whether lists are the rule in this schema, or scalars.
    anchor = Scene(database)
    anchor.add(anchor.a, anchor.g)
    tried = []
    for write in WRITES:
        tried.append(_try(database, write))
        advance()
    return tuple(tried)


def _try(database: "Database", write: Write) -> Tried:
    scene = Scene(database)
    try:
        lost = write.does(scene)
    except (ConnectionLostError, ServerUnreachableError):
        raise
    except ShotkitError as error:
        return Tried(write.name, "refused", detail=str(error), past=write.past)
    if finding := _finding(database, scene):
        told = {name: _text(finding[name]) for name in ("verdict", "stored", "expected", "detail")}
        return Tried(write.name, "drifts", past=write.past, **told)
    return Tried(write.name, "undone" if lost else "agrees", detail=lost, past=write.past)


def _finding(database: "Database", scene: Scene) -> dict[str, Any] | None:
    findings = run(database, "0001").findings
    own = findings[findings["generation_id"].isin([scene.g, scene.h])]
    return None if own.empty else dict(own.iloc[0])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
