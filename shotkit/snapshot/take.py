"""Writes a snapshot's folder: beside its place, the manifest last, then moved there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from shotkit import __version__, sql
from shotkit.engine import Snapshot, write_manifest
from shotkit.errors import ConfigurationError, CouldNotCompleteError
from shotkit.progress import bar
from shotkit.snapshot.columns import check_columns, sources
from shotkit.snapshot.export import export

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["take"]


def take(database: "Database", folder: str | Path, *, progress: bool = False) -> Snapshot:
    """Write a snapshot of what `database` shows to `folder`, which must be new or empty.

    One repeatable-read transaction, of which the rows are streamed to disk: memory does not grow with the
    tables. With `progress` a bar is drawn on a terminal.
    """
    if database.engine != "postgres":
        raise ConfigurationError(
            f"A snapshot is taken of a database; {database.name} can be copied as it is."
        )
    target = Path(folder).absolute()
    with _beside(target) as making:
        with database.stream() as stream:
            stream.rows(sql.statement("snapshot/unhurried"))
            now = stream.rows(sql.statement("snapshot/circumstances"))[0]
            columns = stream.rows(sql.statement("snapshot/columns"))
            check_columns(columns)
            tables, left_out = sources(columns)
            with bar("taking a snapshot", now.pop("about_rows"), shown=progress) as advance:
                written = export(stream, making, tables, now.pop("bytes"), advance)
        facts = now | {"taken_at": now["taken_at"].isoformat(), "acts_as": database.acts_as}
        left = [asdict(each) for each in left_out]
        partial = sorted({row["table_name"] for row in columns if row["is_partial"]})
        whole = {**facts, **written, "left_out": left, "partial": partial}
        write_manifest(making, {"shotkit": __version__, **whole})
    return Snapshot(target, verify=False)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder beside the target that becomes the target at the end, or vanishes."""
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ConfigurationError(
                f"{target} is there already and is not empty; name a folder that is new."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f"{target.name}.unfinished-", dir=target.parent))
    except OSError as error:
        raise ConfigurationError(
            f"Cannot write beside {target}: {error.strerror}. Name another folder."
        ) from error
    try:
        yield making
        making.replace(target)
    except OSError as error:
        raise CouldNotCompleteError(
            f"The snapshot could not be written to {target}: {error.strerror or error}. "
            "Nothing of it was kept; make room or name another folder."
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)  # of what was not moved
