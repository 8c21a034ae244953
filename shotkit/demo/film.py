"""Makes a short WebM film: Pillow encodes each picture as a VP8 key frame, a minimal Matroska holds them."""

from io import BytesIO
from struct import pack

from PIL.Image import Image

__all__ = ["film"]

QUALITY = 62
_HEADER = 0x1A45DFA3
_SEGMENT = 0x18538067
_INFO = 0x1549A966
_TRACKS = 0x1654AE6B
_CLUSTER = 0x1F43B675
_KEY_FRAME = 0x80
_MILLISECOND = 1_000_000  # the timecode scale, in nanoseconds


def film(pictures: list[Image], rate: int) -> bytes:
    """Return a silent film of pictures of one size, `rate` of them a second: VP8 in WebM."""
    width, height = pictures[0].size
    duration = 1000 * len(pictures) / rate
    blocks = b"".join(
        _element(0xA3, b"\x81" + pack(">hB", round(1000 * number / rate), _KEY_FRAME) + _vp8(picture))
        for number, picture in enumerate(pictures)
    )
    segment = _info(duration) + _tracks(width, height, rate) + _element(_CLUSTER, _number(0xE7, 0) + blocks)
    return _element(_HEADER, _head()) + _element(_SEGMENT, segment)


def _vp8(picture: Image) -> bytes:
    written = BytesIO()
    picture.save(written, "WEBP", quality=QUALITY, method=0)
    riff = written.getvalue()
    # RIFF, size, WEBP, then the chunk `VP8 ` with its size: without alpha its content is one key frame.
    size = int.from_bytes(riff[16:20], "little")
    return riff[20 : 20 + size]


def _head() -> bytes:
    versions = _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4) + _number(0x42F3, 8)
    return versions + _element(0x4282, b"webm") + _number(0x4287, 2) + _number(0x4285, 2)


def _info(duration: float) -> bytes:
    names = _element(0x4D80, b"shotkit") + _element(0x5741, b"shotkit")
    return _element(_INFO, _number(0x2AD7B1, _MILLISECOND) + _element(0x4489, pack(">d", duration)) + names)


def _tracks(width: int, height: int, rate: int) -> bytes:
    picture = _element(0xE0, _number(0xB0, width) + _number(0xBA, height))
    every = _number(0x23E383, 1000 * _MILLISECOND // rate)
    kind = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + _element(0x86, b"V_VP8")
    return _element(_TRACKS, _element(0xAE, kind + every + picture))


def _number(identity: int, value: int) -> bytes:
    return _element(identity, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _element(identity: int, content: bytes) -> bytes:
    # The size as an eight-byte EBML number: its first byte says so.
    return (
        identity.to_bytes((identity.bit_length() + 7) // 8, "big")
        + b"\x01"
        + len(content).to_bytes(7, "big")
        + content
    )
