"""Puts uploaded files into a shot: generations, original variants and links, all in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from shotkit.given import as_number
from shotkit.model import next_frame
from shotkit.model.tables import LINKS
from shotkit.mutate.attempts import DEADLINE, stored
from shotkit.mutate.change import Change, checked_op_id
from shotkit.mutate.links import Links
from shotkit.mutate.locks import Begun, array, links_of, locked, locked_shot, no_shot
from shotkit.mutate.outcome import outcome
from shotkit.mutate.remember import of_upload, whole_upload
from shotkit.mutate.shot_data import heal
from shotkit.mutate.write import prove
from shotkit.sql import statement

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database, Transaction

__all__ = ["Uploaded", "is_uploaded", "upload"]


@dataclass(frozen=True)
class Uploaded:
    """A file in storage that becomes a generation, whose id is chosen before."""

    id: str
    type: str
    location: str
    thumbnail_url: str | None
    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class _Written:
    """What a transaction did, and by what it can be found again."""

    links: Links
    frames: dict[str, int | None]
    begun: Begun
    stored: "pa.Table"
    whole: dict[str, Any]


def upload(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    shot_id: str,
    files: Sequence[Uploaded],
    *,
    link_ids: Sequence[str],
    positioned: bool = True,
    code: str,
    op_id: str | None = None,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> Change:
    """Make generations of files that stand in storage, with original variants, behind the shot's last frame.

    All of it or nothing. The first link's id is the change's `op_id`, the others' are `link_ids`.
    """
    op_id = checked_op_id(op_id)
    ids = [op_id, *link_ids][: len(files)]
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            if not transaction.rows(statement("mutate/shot"), shot_id=shot_id):
                raise no_shot(shot_id)
            links = links_of(transaction, shot_id, "links")
        new = dict(zip(ids, _frames(links, len(files), positioned=positioned), strict=True))
        return Change(op_id, code, dry_run, links.frames, links.frames | new)
    written = stored(
        database,
        lambda transaction: _store(transaction, shot_id, files, ids, positioned=positioned),
        lambda transaction, written: _was_kept(transaction, shot_id, op_id, written),
        deadline,
    )
    after = written.links.frames | written.frames
    undo = partial(of_upload, shot_id, [file.id for file in files], after, written.whole)
    before = written.links.frames
    return Change(op_id, code, dry_run, before, after, written.begun.xid, written.stored, remembered=undo)


def is_uploaded(database: "Database", shot_id: str, generation_ids: Sequence[str]) -> bool:
    """Say whether an upload was stored that nobody heard of; waits until its transaction has ended."""
    with database.transaction() as transaction:
        locked_shot(transaction, shot_id)
        return bool(transaction.rows(statement("mutate/generations"), generation_ids=array(generation_ids)))


def _store(
    transaction: "Transaction", shot_id: str, files: Sequence[Uploaded], ids: list[str], *, positioned: bool
) -> _Written:
    shot, links = locked(transaction, shot_id, kinds=False)
    frames = _frames(links, len(files), positioned=positioned)
    rows = [
        asdict(file) | {"number": number, "link_id": id_, "frame": frame}
        for number, (file, id_, frame) in enumerate(zip(files, ids, frames, strict=True))
    ]
    generations, given = sorted(file.id for file in files), json.dumps(rows)
    transaction.execute(statement("mutate/upload_generations"), project_id=shot["project_id"], rows=given)
    transaction.execute(statement("mutate/upload_variants"), generation_ids=array(generations))
    stored_links = transaction.table(
        statement("mutate/upload_links"), LINKS, shot_id=shot_id, rows=given, op_id=ids[0]
    )
    heal(transaction, shot_id, generations)
    _prove_links(rows, stored_links)
    _prove_generations(transaction, files, generations, shot["project_id"])
    new = dict(zip(ids, frames, strict=True))
    whole = whole_upload(transaction, generations)
    return _Written(links, new, Begun.of(shot), stored_links, whole)


def _frames(links: Links, count: int, *, positioned: bool) -> list[int | None]:
    frames: list[int | None] = []
    used = list(links.positions.values())
    for _ in range(count):
        frames.append(as_number(next_frame(used), "The frame behind the last", 0) if positioned else None)
        used += [frame for frame in frames[-1:] if frame is not None]
    return frames


def _prove_links(rows: list[dict[str, Any]], stored_links: "pa.Table") -> None:
    asked = {row["link_id"]: (row["id"], row["frame"]) for row in rows}
    found = stored_links.select(["id", "generation_id", "timeline_frame"]).to_pylist()
    prove(asked, {row["id"]: (row["generation_id"], row["timeline_frame"]) for row in found})


def _prove_generations(
    transaction: "Transaction", files: Sequence[Uploaded], generations: list[str], project_id: str
) -> None:
    found = transaction.rows(statement("mutate/uploaded"), generation_ids=array(generations))
    names = ("type", "location", "thumbnail_url", "name")
    asked = {file.id: (*(getattr(file, name) for name in names), project_id, True) for file in files}
    kept = {row["id"]: tuple(row[name] for name in (*names, "project_id", "is_shown")) for row in found}
    prove(asked, kept)


def _was_kept(transaction: "Transaction", shot_id: str, op_id: str, written: _Written) -> bool | None:
    # The lock waits until the server has ended the transaction whose client it lost.
    locked_shot(transaction, shot_id)
    return outcome(transaction, "outcome", written.begun, op_id=op_id, ids=[], versions=[])
