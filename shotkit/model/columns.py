"""Whole columns at once: ids spelled and folded, texts up to a mark, without a look at each row."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["folded", "holds", "spelled", "up_to"]

_PAIRS = np.frombuffer(bytes(range(256)).hex().encode(), np.uint16)  # the two letters of each byte
_PLACES = (0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34)
_LENGTH = 36
_MOST = 2**25  # in one array: Arrow keeps the places of its texts in 32 bits
_LARGE = 2**20  # bytes
_SLICE = 2**16  # bytes: less than what the system is asked for anew each time

_Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def spelled(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 16 bytes each as the text of a UUID, and what is no bytes as it is."""
    if not pa.types.is_fixed_size_binary(ids.type):
        return ids
    parts = [ids.slice(start, _MOST) for start in range(0, len(ids), _MOST)]
    return pa.chunked_array([_spelled(part.combine_chunks()) for part in parts], pa.string())


def folded(ids: pa.FixedSizeBinaryArray) -> _Bytes:
    """Return the exclusive or of the 16 bytes of each id: evenly spread, whichever of them count up."""
    halves = _bytes(ids).view(np.uint64)
    folding = halves[:, 0] ^ halves[:, 1]
    for bits in (32, 16, 8):
        folding ^= folding >> bits
    return folding.astype(np.uint8)


def up_to(mark: str, texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what is before the first mark in each of the texts, or all of it."""
    if not holds(texts, mark):
        return texts
    cut = _cut if texts.nbytes > _LARGE else _split
    return pa.chunked_array([cut(chunk, mark) for chunk in texts.chunks], pa.string())


def holds(texts: pa.ChunkedArray, mark: str) -> bool:
    """Whether any of the texts may hold the mark: one look at all their bytes, without one at each row."""
    held = (buffer for chunk in texts.chunks if (buffer := chunk.buffers()[-1]))
    return any(mark.encode() in part for buffer in held for part in _slices(buffer, len(mark) - 1))


def _split(texts: pa.StringArray, mark: str) -> pa.StringArray:
    return pc.list_element(pc.split_pattern(texts, mark, max_splits=1), 0)


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


def _slices(buffer: pa.Buffer, overlap: int) -> Iterator[bytes]:
    """Return the bytes a slice at a time, each with the first few of the next."""
    for start in range(0, buffer.size, _SLICE):
        yield buffer.slice(start, min(_SLICE + overlap, buffer.size - start)).to_pybytes()


def _spelled(ids: pa.FixedSizeBinaryArray) -> pa.StringArray:
    there = ids.is_valid()
    places = np.zeros(len(ids) + 1, np.int32)
    np.cumsum(there.to_numpy(zero_copy_only=False), out=places[1:])
    places *= _LENGTH
    texts = pa.py_buffer(_texts(_bytes(ids.drop_null())))
    validity = there.buffers()[1] if ids.null_count else None
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(places), texts, validity)


def _bytes(ids: pa.FixedSizeBinaryArray) -> _Bytes:
    held = np.frombuffer(ids.buffers()[1], np.uint8)
    return held[ids.offset * 16 : (ids.offset + len(ids)) * 16].reshape(-1, 16)


def _texts(ids: _Bytes) -> _Bytes:
    texts = np.full((len(ids), _LENGTH), ord("-"), np.uint8)
    for byte, place in enumerate(_PLACES):
        texts[:, place : place + 2].view(np.uint16)[:, 0] = _PAIRS[ids[:, byte]]
    return texts
