"""What is derived from the addresses of media, a whole column at a time; as shotkit.model has it for one."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["with_identities"]

_VIDEO = r"(?i)\.(mp4|webm|mov)$"
_SLICE = 2**20  # bytes


def with_identities(rows: pa.Table) -> pa.Table:
    """Return `rows` with url_identity, thumb_url_identity and is_video at the end."""
    identity = _up_to("?", rows["location"])
    return (
        rows.append_column("url_identity", identity)
        .append_column("thumb_url_identity", _up_to("?", rows["thumbnail_url"]))
        .append_column("is_video", _is_video(rows, identity))
    )


def _up_to(mark: str, urls: pa.ChunkedArray) -> pa.ChunkedArray:
    parts = urls
    if _holds(urls, mark):
        cut = _cut if urls.nbytes > _SLICE else _split
        parts = pa.chunked_array([cut(chunk, mark) for chunk in urls.chunks], pa.string())
    return pc.fill_null(parts, "") if parts.null_count else parts


def _split(urls: pa.StringArray, mark: str) -> pa.StringArray:
    return pc.list_element(pc.split_pattern(urls, mark, max_splits=1), 0)


def _cut(urls: pa.StringArray, mark: str) -> pa.StringArray:
    """Return the same as _split, which copies all of them twice to cut a few."""
    _, places, texts = urls.buffers()
    starts = np.frombuffer(places, np.int32)[urls.offset : urls.offset + len(urls) + 1]
    marks = np.flatnonzero(np.frombuffer(texts or b"", np.uint8)[: starts[-1]] == ord(mark))
    marked = np.unique(np.searchsorted(starts, marks[marks >= starts[0]], side="right") - 1)
    is_marked = np.zeros(len(urls), bool)
    is_marked[marked] = True
    shorter = _split(urls.take(pa.array(marked)), mark)
    return pc.replace_with_mask(urls, pa.array(is_marked), shorter, memory_pool=pa.system_memory_pool())


def _is_video(rows: pa.Table, identity: pa.ChunkedArray) -> pa.ChunkedArray:
    by_path = pc.match_substring_regex(_up_to("#", identity), _VIDEO)
    # A table of variants has no type: the location alone tells.
    if "type" not in rows.schema.names or not _holds(rows["type"], "video"):
        return by_path
    return pc.or_(by_path, pc.match_substring(rows["type"], "video"))


def _holds(texts: pa.ChunkedArray, mark: str) -> bool:
    """Whether any of the texts may hold the mark: one look at all their bytes, without one at each row."""
    held = (buffer for chunk in texts.chunks if (buffer := chunk.buffers()[-1]))
    return any(mark.encode() in part for buffer in held for part in _slices(buffer, len(mark) - 1))


def _slices(buffer: pa.Buffer, overlap: int) -> Iterator[bytes]:
    """Return the bytes a slice at a time, each with the first few of the next."""
    for start in range(0, buffer.size, _SLICE):
        yield buffer.slice(start, min(_SLICE + overlap, buffer.size - start)).to_pybytes()
