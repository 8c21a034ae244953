"""New shots, made or duplicated behind the last one of their project: one transaction each, as `apply`."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from shotkit.errors import InvalidChangeError
from shotkit.given import as_text, required_id
from shotkit.model.tables import LINKS
from shotkit.mutate.attempts import DEADLINE, stored
from shotkit.mutate.change import Change, checked_op_id
from shotkit.mutate.links import Added, Links, Plan
from shotkit.mutate.locks import (
    Begun,
    check_homes,
    links_of,
    locked_project,
    locked_shot,
    no_project,
    no_shot,
)
from shotkit.mutate.outcome import outcome
from shotkit.mutate.remember import of_new_shot, whole_shot
from shotkit.mutate.shot_data import heal
from shotkit.mutate.write import prove, write
from shotkit.sql import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from shotkit.engine import Database, Transaction

__all__ = ["create_shot", "duplicate_shot"]


@dataclass(frozen=True)
class _Made:
    """What a transaction made, and by what it can be found again."""

    links: "pa.Table"
    project_id: str
    begun: Begun
    whole: dict[str, str] | None


def create_shot(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    project_id: str,
    name: str,
    generation_id: str | None = None,
    *,
    op_id: str | None = None,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> Change:
    """Make a shot, with a generation at frame 0 if one is given; the change's `op_id` is its id."""
    project, name = required_id(project_id, "project"), _checked_name(name)
    added = (
        None
        if generation_id is None
        else Added(required_id(generation_id, "generation", InvalidChangeError), 0)
    )
    given = [project, name, *([added.generation_id] if added else [])]
    code = f"kit.create_shot({', '.join(map(repr, given))})"

    def make(transaction: "Transaction", op_id: str) -> _Made:
        begun = locked_project(transaction, project)
        _insert(transaction, op_id, project, name)
        if added:
            plan = Plan(added=added)
            generations = check_homes(transaction, "lock_generations", plan, Links([]), project)
            write(transaction, op_id, plan, op_id=op_id, source="create_shot")
            heal(transaction, op_id, generations)
        return _Made(_links(transaction, op_id), project, begun, whole_shot(transaction, op_id))

    def foresee(transaction: "Transaction", op_id: str) -> dict[str, int | None]:
        if not transaction.rows(statement("mutate/project"), project_id=project):
            raise no_project(project)
        if added:
            check_homes(transaction, "generations", Plan(added=added), Links([]), project)
        return {op_id: 0} if added else {}

    return _changed(database, code, op_id, make, foresee, dry_run=dry_run, deadline=deadline)


def duplicate_shot(
    database: "Database",
    shot_id: str,
    *,
    op_id: str | None = None,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> Change:
    """Make a shot of the same generations at the same frames, videos left out, prompts and all.

    The change's `op_id` is the new shot's id.
    """
    source = required_id(shot_id, "shot")

    def make(transaction: "Transaction", op_id: str) -> _Made:
        shot = locked_shot(transaction, source)
        locked_project(transaction, shot["project_id"])
        links = _images(links_of(transaction, source, "lock_links"))
        generations = check_homes(
            transaction, "lock_generations", Plan(links.frames), links, shot["project_id"]
        )
        _insert(transaction, op_id, shot["project_id"], f"{_name(transaction, source)} (copy)", source)
        _copy(transaction, op_id, links)
        heal(transaction, op_id, generations)
        return _Made(
            _links(transaction, op_id), shot["project_id"], Begun.of(shot), whole_shot(transaction, op_id)
        )

    def foresee(transaction: "Transaction", _: str) -> dict[str, int | None]:
        _name(transaction, source)
        return {
            str(uuid4()): frame for frame in _images(links_of(transaction, source, "links")).frames.values()
        }

    return _changed(database, "shot.duplicate()", op_id, make, foresee, dry_run=dry_run, deadline=deadline)


def _changed(  # noqa: PLR0913  two callers, each by keyword
    database: "Database",
    code: str,
    op_id: str | None,
    make: "Callable[[Transaction, str], _Made]",
    foresee: "Callable[[Transaction, str], dict[str, int | None]]",
    *,
    dry_run: bool,
    deadline: float,
) -> Change:
    op_id = checked_op_id(op_id)
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            return Change(op_id, code, dry_run, {}, foresee(transaction, op_id))
    made = stored(
        database,
        lambda transaction: make(transaction, op_id),
        lambda transaction, made: _was_kept(transaction, op_id, made),
        deadline,
    )
    frames = made.links.select(["id", "timeline_frame"])
    undo = partial(of_new_shot, op_id, made.project_id, made.whole)
    return Change(op_id, code, dry_run, {}, frames, xid=made.begun.xid, stored=made.links, remembered=undo)


def _insert(
    transaction: "Transaction", op_id: str, project_id: str, name: str, source: str | None = None
) -> None:
    rows = transaction.rows(
        statement("mutate/create_shot"), op_id=op_id, project_id=project_id, name=name, source=source
    )
    asked = {"id": op_id, "project_id": project_id, "name": name, "position and settings kept": True}
    prove(asked, rows[0] if rows else {})


def _copy(transaction: "Transaction", shot_id: str, links: Links) -> None:
    new = {str(uuid4()): link for link in links.values()}
    if not new:
        return
    rows = transaction.rows(
        statement("mutate/copy_links"),
        shot_id=shot_id,
        ids=[link.id for link in new.values()],
        new_ids=list(new),
    )
    asked = {id_: (link.frame, True) for id_, link in new.items()}
    prove(asked, {row["id"]: (row["timeline_frame"], row["kept"]) for row in rows})


def _links(transaction: "Transaction", shot_id: str) -> "pa.Table":
    return transaction.table(statement("load/phase_two"), LINKS, shot_id=shot_id)


def _images(links: Links) -> Links:
    return Links(link for link in links.values() if not link.is_video)


def _name(transaction: "Transaction", shot_id: str) -> str:
    shot = transaction.rows(statement("mutate/shot"), shot_id=shot_id)
    if not shot:
        raise no_shot(shot_id)
    return str(shot[0]["name"])


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise InvalidChangeError(f"The name of a shot must be a text that is not empty, found {name!r:.80}.")
    as_text(name, "name")
    return name


def _was_kept(transaction: "Transaction", op_id: str, made: _Made) -> bool | None:
    # The lock waits until the server has ended the transaction whose client it lost.
    locked_project(transaction, made.project_id)
    return outcome(transaction, "shot_outcome", made.begun, op_id=op_id)
