"""Ids as they are written, out of the 16 bytes in which they travel: the server writes them far slower."""

import numpy as np
import pyarrow as pa

__all__ = ["spelled"]

_PAIRS = np.frombuffer(bytes(range(256)).hex().encode(), np.uint16)  # the two letters of each byte
_PLACES = (0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34)
_LENGTH = 36
_MOST = 2**25  # in one array: Arrow keeps the places of its texts in 32 bits

_Rows = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def spelled(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 16 bytes each as the text of a UUID, and what is no bytes as it is."""
    if not pa.types.is_fixed_size_binary(ids.type):
        return ids
    parts = [ids.slice(start, _MOST) for start in range(0, len(ids), _MOST)]
    return pa.chunked_array([_spelled(part.combine_chunks()) for part in parts], pa.string())


def _spelled(ids: pa.FixedSizeBinaryArray) -> pa.StringArray:
    there = ids.is_valid()
    places = np.zeros(len(ids) + 1, np.int32)
    np.cumsum(there.to_numpy(zero_copy_only=False), out=places[1:])
    places *= _LENGTH
    texts = pa.py_buffer(_texts(_bytes(ids.drop_null())))
    validity = there.buffers()[1] if ids.null_count else None
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(places), texts, validity)


def _bytes(ids: pa.FixedSizeBinaryArray) -> _Rows:
    held = np.frombuffer(ids.buffers()[1], np.uint8)
    return held[ids.offset * 16 : (ids.offset + len(ids)) * 16].reshape(-1, 16)


def _texts(ids: _Rows) -> _Rows:
    texts = np.full((len(ids), _LENGTH), ord("-"), np.uint8)
    for byte, place in enumerate(_PLACES):
        texts[:, place : place + 2].view(np.uint16)[:, 0] = _PAIRS[ids[:, byte]]
    return texts
