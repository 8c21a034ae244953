"""Spreads the rows of one table over buckets and writes each bucket as one sorted Parquet file."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from shotkit.errors import SchemaMismatchError
from shotkit.snapshot.columns import ADDRESSES

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.snapshot.columns import Source

__all__ = ["BUDGET", "Buckets", "File", "write_file"]

BUDGET = 64 << 20  # bytes of rows held in memory before they are put aside on the disk
_ROW_GROUP = 122_880  # rows: as DuckDB reads them
_ROW_GROUP_BYTES = 32 << 20
_SIGNATURE = r"""([?&]token=)[^"'&#\s\\]*"""  # as storage signs its addresses


@dataclass(frozen=True)
class File:
    """One file of a snapshot: its path in the folder, its rows, its size, its checksum."""

    file: str
    rows: int
    bytes: int
    sha256: str


class Buckets:
    """The rows of a table on their way into files; those that do not fit into memory wait on the disk."""

    def __init__(self, root: Path, source: "Source", count: int) -> None:
        self._root = root
        self._source = source
        self._count = count
        self._held: dict[int, list[pa.Table]] = {number: [] for number in range(count)}
        self._bytes = 0
        self._aside: set[int] = set()

    def add(self, batch: "pa.RecordBatch") -> None:
        """Take rows, whose last column has the 16 bytes that say which bucket is theirs."""
        rows = _cast(batch.drop_columns(["bucket"]), self._source)
        for number, part in _split(rows, batch["bucket"], self._count):
            self._held[number].append(part)
        self._bytes += rows.get_total_buffer_size()
        if self._bytes > BUDGET:
            self._put_aside()

    def finish(self) -> "list[Callable[[], File]]":
        """Return what writes the files, each for itself: one a bucket that has rows, and the first."""
        if self._aside:
            self._put_aside()  # the next table needs the memory
        filled = [number for number in self._held if self._held[number] or number in self._aside]
        return [partial(self._write, number) for number in filled or [0]]

    def _write(self, number: int) -> File:
        from shotkit.model.columns import spelled  # noqa: PLC0415  heavy: not before a snapshot is taken

        rows = _sorted(self._take(number), self._source.order)
        rows = rows.from_arrays([spelled(column) for column in rows.columns], rows.schema.names)
        return write_file(self._root, f"{self._source.table}/bucket={number:02}/rows.parquet", rows)

    def _put_aside(self) -> None:
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken

        options = pa.ipc.IpcWriteOptions(compression="lz4")
        for number, parts in self._held.items():
            if parts:
                with (
                    self._waiting(number).open("ab") as file,
                    pa.ipc.new_stream(file, self._source.travels, options=options) as writer,
                ):
                    for part in parts:
                        writer.write_table(part)
                self._aside.add(number)
                parts.clear()
        self._bytes = 0

    def _take(self, number: int) -> "pa.Table":
        import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken

        parts, self._held[number] = self._held[number], []
        if number in self._aside:
            waiting = self._waiting(number)
            with pa.OSFile(str(waiting)) as file:
                while file.tell() < file.size():
                    parts.append(pa.ipc.open_stream(file).read_all())
            waiting.unlink()
        return pa.concat_tables([self._source.travels.empty_table(), *parts])

    def _waiting(self, number: int) -> Path:
        return self._root / f".{self._source.table}-{number}.arrow"


def write_file(root: Path, name: str, rows: "pa.Table") -> File:
    """Write rows as the Parquet file `name` below `root`."""
    from pyarrow import parquet  # noqa: PLC0415  heavy: not before a snapshot is taken

    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    size = max(1, rows.get_total_buffer_size() // max(1, len(rows)))
    group = max(1, min(_ROW_GROUP, _ROW_GROUP_BYTES // size))
    parquet.write_table(rows, path, compression="zstd", row_group_size=group, write_page_index=True)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(name, len(rows), path.stat().st_size, digest)


def _cast(batch: "pa.RecordBatch", source: "Source") -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken

    try:
        return _unsigned(pa.Table.from_batches([batch]).cast(source.travels))
    except pa.ArrowException as error:
        raise SchemaMismatchError(f"The rows of {source.table} do not fit its columns: {error}.") from error


def _unsigned(rows: "pa.Table") -> "pa.Table":
    """Cut addresses where they may be signed, and empty the tokens of those inside JSON and other text."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken
    from pyarrow import compute  # noqa: PLC0415

    from shotkit.model.columns import holds, up_to  # noqa: PLC0415

    for place, field in enumerate(rows.schema):
        if field.name in ADDRESSES:
            rows = rows.set_column(place, field, up_to("?", rows[place]))
        # Looking for a plain text first: an expression over all of params takes longer than reading it.
        elif pa.types.is_string(field.type) and holds(rows[place], "token="):
            emptied = compute.replace_substring_regex(rows[place], _SIGNATURE, r"\1")
            rows = rows.set_column(place, field, emptied)
    return rows


def _split(rows: "pa.Table", keys: "pa.Array", count: int) -> Iterator[tuple[int, "pa.Table"]]:
    import numpy as np  # noqa: PLC0415  comes with pyarrow's readers of frames
    import pyarrow as pa  # noqa: PLC0415  heavy: not before a snapshot is taken

    from shotkit.model.columns import folded  # noqa: PLC0415

    if count == 1:
        yield 0, rows
        return
    numbers = folded(keys.cast(pa.binary(16))) & (count - 1)
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(count + 1))
    together = rows.take(pa.array(order))
    for number in range(count):
        if bounds[number] < bounds[number + 1]:
            yield number, together.slice(bounds[number], bounds[number + 1] - bounds[number])


def _sorted(rows: "pa.Table", names: tuple[str, ...]) -> "pa.Table":
    from pyarrow import compute  # noqa: PLC0415  heavy: not before a snapshot is taken

    if not names:
        return rows
    rows = rows.combine_chunks()  # what was in many pieces is not needed any more
    return rows.take(compute.sort_indices(rows, [(name, "ascending") for name in names]))
