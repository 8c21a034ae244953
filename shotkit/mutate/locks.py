"""What a change reads and locks first: the shot, its links, the generations whose place in it changes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from shotkit.errors import InvalidChangeError, NotFoundError, NotPermittedError
from shotkit.model import is_video
from shotkit.mutate.links import Links
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Answer, Transaction
    from shotkit.mutate.links import Plan

__all__ = [
    "Begun",
    "Locking",
    "array",
    "check_homes",
    "links_in",
    "links_of",
    "locked",
    "locked_project",
    "locked_shot",
    "no_project",
    "no_shot",
    "refuse_unlocked",
]


class Begun(NamedTuple):
    """A transaction by its number, and when it began by the server's clock."""

    xid: str = ""
    began: str = ""

    @classmethod
    def of(cls, locked: Mapping[str, str]) -> "Begun":
        """Return the transaction that locked this row."""
        return cls(locked["xid"], locked["began"])


class Locking(NamedTuple):
    """What the server answers to the locks of a shot and of its links, in a pipeline that is still open."""

    shot: "Answer"
    links: "Answer"

    @classmethod
    def ask(cls, transaction: "Transaction", shot_id: str, *, kinds: bool = False) -> "Locking":
        """Lock the shot, then its links."""
        shot = transaction.run(statement("mutate/lock_shot"), shot_id=shot_id)
        how = "lock_links" if kinds else "lock_places"
        return cls(shot, transaction.run(statement(f"mutate/{how}"), shot_id=shot_id))


def locked(transaction: "Transaction", shot_id: str, *, kinds: bool) -> tuple[dict[str, str], Links]:
    """Lock the shot, then its links, in one round trip; return what locked_shot and links_of return.

    Without `kinds` the links do not tell whether they show a video.
    """
    with transaction.pipeline():
        asked = Locking.ask(transaction, shot_id, kinds=kinds)
    return _own(transaction, shot_id, asked.shot), links_in(asked.links, kinds=kinds)


def locked_shot(transaction: "Transaction", shot_id: str) -> dict[str, str]:
    """Lock the shot; return its project_id, and what Begun has of the transaction."""
    return _own(transaction, shot_id, transaction.run(statement("mutate/lock_shot"), shot_id=shot_id))


def links_of(transaction: "Transaction", shot_id: str, how: str) -> Links:
    """Return the shot's links; `how` lock_links locks them."""
    return links_in(transaction.run(statement(f"mutate/{how}"), shot_id=shot_id), kinds=True)


def refuse_unlocked(transaction: "Transaction", shot_id: str, ids: set[str]) -> None:
    """Refuse if any of these links, which could not be locked, is there to be seen."""
    visible = ids & links_of(transaction, shot_id, "links").keys()
    if visible:
        raise NotPermittedError(
            f"This user may see but not change {len(visible)} links of the shot, such as {min(visible)}."
        )


def check_homes(
    transaction: "Transaction", how: str, plan: "Plan", links: Links, project_id: str
) -> list[str]:
    """Return the ids of the generations whose place changes; `how` lock_generations locks them.

    In a pipeline, none but a generation that is added is waited for.
    """
    moved = [links[id_].generation_id for id_ in (*plan.frames, plan.removed) if id_]
    ids = sorted({*moved, *([plan.added.generation_id] if plan.added else [])})
    if not ids:
        return []
    homes = transaction.run(statement(f"mutate/{how}"), generation_ids=array(ids))
    if plan.added:
        _check_home(plan.added.generation_id, dict(homes.tuples()), project_id)
    return ids


def array(values: Iterable[object]) -> str:
    """Return ids or frames as PostgreSQL writes an array: one text is bound quicker than a list."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _own(transaction: "Transaction", shot_id: str, shot: "Answer") -> dict[str, str]:
    if found := shot.rows():
        return found[0]
    if transaction.rows(statement("mutate/shot"), shot_id=shot_id):
        raise NotPermittedError(f"This user may see but not change shot {shot_id}; connect as one who may.")
    raise no_shot(shot_id)


def links_in(answer: "Answer", *, kinds: bool) -> Links:
    """Return the links of an answer."""
    rows = answer.tuples()
    return Links((*row[:-2], is_video(*row[-2:])) for row in rows) if kinds else Links(rows)


def _check_home(generation_id: str, homes: Mapping[str, str], project_id: str) -> None:
    if generation_id not in homes:
        raise InvalidChangeError(
            f"There is no generation {generation_id} that this user may link; see kit.generations()."
        )
    if homes[generation_id] != project_id:
        raise InvalidChangeError(
            f"Generation {generation_id} is of another project than the shot; link one of the shot's own."
        )


def locked_project(transaction: "Transaction", project_id: str) -> Begun:
    """Lock the project against others who append shots to it; return the transaction."""
    if found := transaction.rows(statement("mutate/lock_project"), project_id=project_id):
        return Begun.of(found[0])
    if transaction.rows(statement("mutate/project"), project_id=project_id):
        raise NotPermittedError(
            f"This user may see but not change project {project_id}; connect as one who may."
        )
    raise no_project(project_id)


def no_project(project_id: str) -> NotFoundError:
    """Return the error for a project that is not there, or not for this user."""
    return NotFoundError(
        f"There is no project {project_id} that this user may see; list them with kit.projects()."
    )


def no_shot(shot_id: str) -> NotFoundError:
    """Return the error for a shot that is not there, or not for this user."""
    return NotFoundError(f"There is no shot {shot_id} that this user may see; list them with kit.shots().")
