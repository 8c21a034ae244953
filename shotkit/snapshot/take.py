"""Writes a snapshot's folder: beside its place, the manifest last, then moved there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shotkit import __version__, sql
from shotkit.audit.flat import over_flat, reads
from shotkit.engine import Snapshot, write_manifest
from shotkit.errors import ConfigurationError
from shotkit.snapshot.buckets import Buckets, File, write_file
from shotkit.snapshot.columns import Source, sources

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.engine.stream import Stream

__all__ = ["take"]

_BUCKET_BYTES = 32 << 20  # of generations on the server's disk, where they are compressed
_MOST_BUCKETS = 256  # as many as one byte tells apart


def take(database: "Database", folder: str | Path) -> Snapshot:
    """Write a snapshot of what `database` shows to `folder`, which must not exist or be empty."""
    target = Path(folder).absolute()
    with _beside(target) as making, database.stream() as stream:
        stream.rows(sql.statement("snapshot/unhurried"))
        now = stream.rows(sql.statement("snapshot/circumstances"))[0]
        columns = stream.rows(sql.statement("snapshot/columns"))
        tables, left_out = sources(columns)
        count = _buckets(now.pop("bytes"))
        body = {
            "shotkit": __version__,
            **now,
            "taken_at": now["taken_at"].isoformat(),
            "acts_as": database.acts_as,
            "buckets": count,
            "tables": {each.table: _table(stream, making, each, count) for each in tables},
            "server": _server(
                stream,
                making,
                {(row["table_name"], row["column_name"]) for row in columns if row["may_read"]},
            ),
            "left_out": [asdict(each) for each in left_out],
        }
        write_manifest(making, body)
    return Snapshot(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder beside the target that becomes the target at the end, or vanishes."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigurationError(f"{target} is there already and is not empty; name a folder that is new.")
    target.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield making
        making.rename(target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _buckets(size: int) -> int:
    """Return a power of two, so that two snapshots of other sizes still split alike."""
    wanted = 1
    while wanted * _BUCKET_BYTES < size and wanted < _MOST_BUCKETS:
        wanted *= 2
    return wanted


def _table(stream: "Stream", root: Path, source: Source, count: int) -> dict[str, Any]:
    buckets = Buckets(root, source, count)
    with stream.batches(_select(source, count)) as reader:
        for batch in reader:
            buckets.add(batch)
    columns = [{"name": column.name, "type": column.type} for column in source.columns]
    return _described(columns, list(buckets.finish()))


def _select(source: Source, count: int) -> str:
    # The names are the database's own, quoted; nothing of a user's is in the text.
    columns = ", ".join(f"{column.selected} as {_quoted(column.name)}" for column in source.columns)
    key = source.key
    bucket = (
        f"get_byte(sha256(convert_to({_quoted(key)}::text, 'UTF8')), 0) % {count}"
        if key and count > 1
        else "0"
    )
    return f"select {columns}, {bucket} as bucket from public.{_quoted(source.table)}"  # noqa: S608


def _server(stream: "Stream", root: Path, may_read: set[tuple[str, str]]) -> dict[str, Any]:
    """Store what only a live server can answer, as the audits read it there."""
    stored = {}
    for path in sql.names("snapshot/server"):
        if reads(sql.text(path)) <= may_read:
            rows = stream.read(over_flat(path).text)
            name = path.rpartition("/")[2]
            columns = [{"name": field.name, "type": str(field.type)} for field in rows.schema]
            stored[name] = _described(columns, [write_file(root, f"server/{name}.parquet", rows)])
    return stored


def _described(columns: list[dict[str, str]], files: list[File]) -> dict[str, Any]:
    return {
        "columns": columns,
        "rows": sum(file.rows for file in files),
        "files": [asdict(file) for file in files],
    }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
