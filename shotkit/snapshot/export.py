"""Reads tables out of one transaction into Parquet files; what is read waits for no file to be written."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shotkit import sql
from shotkit.audit.flat import over_flat, reads
from shotkit.snapshot.buckets import Buckets, File, write_file
from shotkit.snapshot.columns import Source, quoted

if TYPE_CHECKING:
    from shotkit.engine import Stream

__all__ = ["export"]

_BUCKET_BYTES = 32 << 20  # of generations on the server's disk, where they are compressed
_MOST_BUCKETS = 256  # as many as one byte tells apart
_WRITERS = 2  # more would hold more rows in memory, and the server is seldom faster

_Written = list["Future[File]"]


def export(
    stream: "Stream", root: Path, tables: list[Source], size: int, advance: Callable[[int], None]
) -> dict[str, Any]:
    """Write the files of `tables`, and of what the server says of itself; describe them for the manifest.

    `size` is the bytes of generations on the server; `advance` is told of each batch's rows.
    """
    count = _buckets(size)
    writers = ThreadPoolExecutor(_WRITERS)
    try:
        written = {
            table.table: [writers.submit(write) for write in _read(stream, root, table, count, advance)]
            for table in tables
        }
        server = _server(stream, root, {(table.table, name) for table in tables for name in table.names})
        described = {table.table: _described(_types(table), _files(written[table.table])) for table in tables}
    finally:
        writers.shutdown(cancel_futures=True)
    return {"buckets": count, "tables": described, "server": server}


def _buckets(size: int) -> int:
    """Return a power of two: a bucket of one snapshot then lies within one bucket of another."""
    wanted = 1
    while wanted * _BUCKET_BYTES < size and wanted < _MOST_BUCKETS:
        wanted *= 2
    return wanted


def _read(
    stream: "Stream", root: Path, source: Source, count: int, advance: Callable[[int], None]
) -> list[Callable[[], File]]:
    buckets = Buckets(root, source, count)
    with closing(stream.batches(_select(source))) as batches:
        for batch in batches:
            buckets.add(batch)
            advance(len(batch))
    return buckets.finish()


def _select(source: Source) -> str:
    # The names are the database's own, quoted; nothing of a user's is in the text.
    columns = ", ".join(f"{column.selected} as {quoted(column.name)}" for column in source.columns)
    return f"select {columns}, {source.key} as bucket from public.{quoted(source.table)}"  # noqa: S608


def _server(stream: "Stream", root: Path, read: set[tuple[str, str]]) -> dict[str, Any]:
    """Store what only a live server can answer, as the audits read it there."""
    stored = {}
    for path in sql.names("snapshot/server"):
        if reads(sql.text(path)) <= read:
            rows = stream.read(over_flat(path).text)
            name = path.rpartition("/")[2]
            columns = [{"name": field.name, "type": str(field.type)} for field in rows.schema]
            stored[name] = _described(columns, [write_file(root, f"server/{name}.parquet", rows)])
    return stored


def _types(source: Source) -> list[dict[str, str]]:
    return [{"name": column.name, "type": column.type} for column in source.columns]


def _files(written: _Written) -> list[File]:
    return [future.result() for future in written]


def _described(columns: list[dict[str, str]], files: list[File]) -> dict[str, Any]:
    rows = sum(file.rows for file in files)
    return {"columns": columns, "rows": rows, "files": [asdict(file) for file in files]}
