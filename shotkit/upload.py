"""Uploads files into a shot: into storage first, then into the database; what is refused leaves neither."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import pandas as pd
import pyarrow as pa

from shotkit.errors import (
    ConfigurationError,
    ConnectionLostError,
    NotPermittedError,
    ReadOnlyError,
    ShotkitError,
)
from shotkit.given import as_number
from shotkit.model.tables import frame
from shotkit.mutate import Change, Uploaded, is_uploaded
from shotkit.mutate import upload as store_rows
from shotkit.progress import bar
from shotkit.sql import statement
from shotkit.storage import (
    Media,
    S3Store,
    looked_at,
    new_name,
    new_thumbnail_name,
    poster,
    thumbnail,
    thumbnail_path,
    upload_path,
)
from shotkit.writes import write_shot

if TYPE_CHECKING:
    import os

    from shotkit.session import Session
    from shotkit.shot import Shot

    Files = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

__all__ = ["orphans", "upload"]

BUCKET = "image_uploads"
_FOLDERS = ("uploads", "thumbnails")
_ORPHANS = pa.schema(
    [
        pa.field("location", pa.string(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("written", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)


def upload(  # noqa: PLR0913  Kit.upload checks them
    session: "Session", shot: "Shot", files: "Files", *, positioned: bool, dry_run: bool, progress: bool
) -> Change:
    """Put files into storage and then, by one proven transaction, into a shot; see Kit.upload."""
    _refuse_elsewhere(session)
    media = looked_at(files)
    owner = _owner(session, shot.project_id)
    code = f"kit.upload({shot.id!r}, {[str(each.path.absolute()) for each in media]!r}"
    code += ")" if positioned else ", positioned=False)"
    links = [str(uuid4()) for _ in media[1:]]
    store = partial(store_rows, session.database, shot.id, link_ids=links, positioned=positioned, code=code)
    if dry_run:
        return store([_row(each, "", None) for each in media], dry_run=True)
    placed: list[str] = []
    drawn = bar("uploading", len(media), shown=progress)
    with _removed_unless(lambda: False, session, placed), drawn as done:
        rows = [_put(session, owner, each, placed, done) for each in media]
    told = {"label": "upload", "code": code, "place": shot.name}
    stored = partial(_is_stored, session, shot.id, [row.id for row in rows])
    with _removed_unless(stored, session, placed):
        change = write_shot(session, shot.id, partial(store, rows), seen=None, patches={}, **told)
    session.followed(shot.id, change)
    _tell_without_poster(rows)
    return change


def orphans(session: "Session", older_than: float, *, remove: bool) -> pd.DataFrame:
    """Return the files that no row names, perhaps removed by then; see Kit.orphans."""
    _refuse_where_rows_may_be_hidden(session)
    if remove:
        _refuse_elsewhere(session)
    before = datetime.now(UTC) - timedelta(seconds=as_number(older_than, "older_than", 0, 10**9))
    owners = [row["user_id"] for row in session.database.rows(statement("load/owners"))]
    folders = [f"{owner}/{folder}" for owner in owners for folder in _FOLDERS]
    found = {
        _file_of(file.location): file
        for folder in folders
        for file in session.store.files(BUCKET, folder)
        if file.written <= before
    }
    unnamed = session.database.rows(statement("load/unnamed_files"), files=list(found))
    rows = [found[row["file"]]._asdict() for row in unnamed]
    for row in rows if remove else ():
        session.store.remove(row["location"])
    return frame(pa.Table.from_pylist(rows, schema=_ORPHANS))


def _refuse_where_rows_may_be_hidden(session: "Session") -> None:
    if session.database.engine != "postgres":
        raise ConfigurationError(
            "Orphans are looked for beside a live database; a snapshot does not know later uploads. "
            "Connect to the database itself."
        )
    [rights] = session.database.rows(statement("load/hides_rows"))
    if rights["hides"]:
        raise NotPermittedError(
            "Row level security may hide rows that name a file, which then would look like one that nobody "
            "needs; connect as a role that sees all rows, such as service_role."
        )


def _refuse_elsewhere(session: "Session") -> None:
    database = session.database
    if database.read_only or database.engine != "postgres":
        raise ReadOnlyError
    if not (isinstance(session.store, S3Store) or database.is_scratch):
        raise ConfigurationError(
            f"The media of {database.name} are not in the folder {session.store.root}, which nobody else "
            "reads; set SHOTKIT_STORAGE to its S3 endpoint, such as "
            "https://PROJECT.supabase.co/storage/v1/s3, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )


def _owner(session: "Session", project_id: str) -> str:
    [row] = session.database.rows(statement("load/owner"), project_id=project_id)
    return str(row["user_id"])


def _put(
    session: "Session", owner: str, media: Media, placed: list[str], done: Callable[[], None]
) -> Uploaded:
    """Put a file and its thumbnail into storage; `placed` knows each before it is there."""
    data = media.read()
    small = thumbnail(data) if media.type == "image" else poster(media.path)
    location = _place(session, owner, upload_path(owner, new_name(media.extension)), data, placed)
    shown = small and _place(session, owner, thumbnail_path(owner, new_thumbnail_name()), small, placed)
    done()
    return _row(media, location, shown)


def _place(session: "Session", owner: str, path: str, data: bytes, placed: list[str]) -> str:
    placed.append(session.store.location(BUCKET, path))
    return session.store.put(BUCKET, path, data, user_id=owner)


def _row(media: Media, location: str, shown: "str | bytes | None") -> Uploaded:
    params = {"source": "upload", "original_filename": media.name}
    return Uploaded(str(uuid4()), media.type, location, str(shown) if shown else None, media.name, params)


@contextmanager
def _removed_unless(
    is_stored: Callable[[], bool], session: "Session", placed: Sequence[str]
) -> Iterator[None]:
    """Remove what was placed where the block fails, by whatever, unless its rows are stored after all."""
    try:
        yield
    except BaseException as error:
        refused = isinstance(error, ShotkitError) and not isinstance(error, ConnectionLostError)
        if refused or not is_stored():
            _remove(session, placed)
        raise


def _is_stored(session: "Session", shot_id: str, generation_ids: list[str]) -> bool:
    """Say whether the rows may be there: a file that nobody names is better than a row without its file."""
    try:
        return is_uploaded(session.database, shot_id, generation_ids)
    except ShotkitError:
        return True


def _remove(session: "Session", placed: Sequence[str]) -> None:
    left = []
    for location in placed:
        try:
            session.store.remove(location)
        except ShotkitError:
            left.append(location)
    if left:
        told = f"{len(left)} files that were uploaded could not be removed again: {', '.join(left)}."
        warnings.warn(f"{told} kit.orphans() lists them.", RuntimeWarning, stacklevel=4)


def _tell_without_poster(rows: Sequence[Uploaded]) -> None:
    if bare := [row.name for row in rows if row.thumbnail_url is None]:
        told = f"No poster could be made of {', '.join(map(repr, bare))}; install ffmpeg to have them made."
        warnings.warn(told, UserWarning, stacklevel=3)


def _file_of(location: str) -> str:
    """Return 'bucket/path' as the address has it."""
    return location.partition("/storage/v1/object/public/")[2]
