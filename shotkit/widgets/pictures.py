"""Pictures for a page without a web server: bytes out of the local storage, cached; never an exception.

An https address is for the page to load; it may hold a signed token, so it goes by message, never by trait.
"""

import os
import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol
from weakref import WeakValueDictionary

from shotkit.errors import ShotkitError
from shotkit.model import is_video, url_identity
from shotkit.widgets.bytes_cache import BytesCache
from shotkit.widgets.placeholders import placeholder

if TYPE_CHECKING:
    from PIL.Image import Image as Opened

__all__ = ["FULL", "THUMBNAIL", "Picture", "Pictures", "pictures_of"]

THUMBNAIL = 256  # pixels of the longer side
FULL = 2048  # pixels of the longer side in a lightbox
MAX_PIXELS = 64_000_000  # a picture that would unpack to more is not opened
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # an allow-list: some of Pillow's other readers start programs
_HTTPS = re.compile(r"https://[^/?#\s\\@]+(?:[/?#]\S*)?", re.IGNORECASE)
_PATH_UP_TO = re.compile(r"[?#].*", re.DOTALL)


class Opens(Protocol):
    """What has the files: a `shotkit.storage.Store`, or anything that opens a location."""

    def open(self, location: str) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """What to show of a location: bytes of `mime`, or the address that the page loads.

    `state` is 'here' (bytes), 'remote' (`url`), 'poster' (bytes drawn for a film that has no still) or
    'missing' (bytes drawn in its place; `why` says what was wrong).
    """

    state: Literal["here", "remote", "poster", "missing"]
    data: bytes = b""
    mime: str = ""
    url: str = ""
    why: str = ""

    def __repr__(self) -> str:
        facts = [self.state, self.mime, url_identity(self.url), self.why]
        return f"<Picture {', '.join(fact for fact in facts if fact)}, {len(self.data)} bytes>"


class Pictures:
    """The pictures below a store, kept in memory up to `budget` bytes by their address without its query."""

    def __init__(self, store: Opens | None, *, budget: int = 64 * 2**20) -> None:
        self._store = store
        self._kept: BytesCache[Picture] = BytesCache(budget)

    def __repr__(self) -> str:
        return f"<Pictures: {len(self._kept)} kept, {self._kept.size} bytes>"

    def thumbnail(
        self,
        location: str | None,
        thumbnail_url: str | None = None,
        *,
        video: bool = False,
        size: int = THUMBNAIL,
    ) -> Picture:
        """Return the thumbnail, made of the location when there is none; a film's poster is its thumbnail."""
        return self._first([thumbnail_url, location], location, size, video=video)

    def full(
        self, location: str | None, thumbnail_url: str | None = None, *, video: bool = False, size: int = FULL
    ) -> Picture:
        """Return the picture itself, made smaller only where it is larger than `size`."""
        return self._first([location, thumbnail_url], location, size, video=video)

    def _first(self, addresses: list[str | None], location: str | None, size: int, *, video: bool) -> Picture:
        """Return the first that can be shown, else what is drawn in its place and why."""
        stills = [address for address in addresses if address and not is_video(None, address)]
        film = video or is_video(None, location)
        if film:  # its location is no still, whatever its name ends in
            stills = [address for address in stills if address != location]
        why = "no address"
        for address in stills:
            picture = self._picture(address, size)
            if picture.state != "missing":
                return picture
            why = picture.why
        drawn = placeholder("film" if film else "missing")
        if film and not stills:
            return Picture("poster", drawn, "image/png")
        return Picture("missing", drawn, "image/png", why=why)

    def _picture(self, address: str, size: int) -> Picture:
        if _HTTPS.fullmatch(address):
            return Picture("remote", url=address)
        key = (url_identity(address), size)
        if (kept := self._kept.get(key)) is not None:
            return kept
        picture = self._read(address, size)
        if picture.state == "here":
            self._kept.put(key, picture, len(picture.data))
        return picture

    def _read(self, address: str, size: int) -> Picture:
        if self._store is None:
            return Picture("missing", why="there is no local storage")
        try:
            with self._store.open(address) as file:
                data, mime = _fitted(file, size)
        except ShotkitError:
            shown = _PATH_UP_TO.sub("", address)[:200]
            return Picture("missing", why=f"not in the local storage: {shown}")
        except Exception as error:  # noqa: BLE001  a broken file makes a decoder raise anything; it is told
            return Picture("missing", why=f"not readable as a picture ({type(error).__name__})")
        return Picture("here", data, mime)


# By the id of the store, which its pictures keep alive; the views of a notebook keep the pictures.
_shared: "WeakValueDictionary[int, Pictures]" = WeakValueDictionary()


def pictures_of(handle: object) -> Pictures:
    """Return the pictures of the store of a kit, a shot or a generation: one cache for all their views."""
    store = getattr(handle, "store", None)
    return Pictures(None) if store is None else _shared.setdefault(id(store), Pictures(store))


def _fitted(file: BinaryIO, size: int) -> tuple[bytes, str]:
    """Return the bytes of a still that fits as they are, of another made to fit; and their MIME type."""
    from PIL import Image, ImageOps  # noqa: PLC0415  not before a picture is asked for

    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")
        fits = max(image.size) <= size and not getattr(image, "is_animated", False)
        mime = Image.MIME[image.format or ""]
        upright = image.getexif().get(0x0112, 1) == 1  # the EXIF tag of the orientation
        image.thumbnail((size, size))  # decodes, so a file that breaks off is found out here
        # What is longer than its pixels carries something else along.
        if fits and upright and file.seek(0, os.SEEK_END) <= 4 * image.width * image.height + 4096:
            file.seek(0)
            return file.read(), mime
        ImageOps.exif_transpose(image, in_place=True)
        return _encoded(image)


def _encoded(image: "Opened") -> tuple[bytes, str]:
    written = BytesIO()
    if image.has_transparency_data:
        image.convert("RGBA").save(written, "WEBP", quality=82)
        return written.getvalue(), "image/webp"
    image.convert("RGB").save(written, "JPEG", quality=82)
    return written.getvalue(), "image/jpeg"
