"""Looks at files before they are uploaded: what they are, or all that is wrong with them at once."""

import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import TYPE_CHECKING

from shotkit.errors import CouldNotCompleteError, InvalidChangeError
from shotkit.given import as_path

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LARGEST", "Media", "looked_at", "poster", "thumbnail"]

LARGEST = 512 << 20  # bytes of a file
MOST_PIXELS = 64_000_000  # a picture that would unpack to more is not opened
THUMBNAIL = (300, 300)  # pixels, at most
_PATIENCE = 60.0  # seconds for a poster
_LONGEST_NAME = 200  # characters
_IMAGES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}  # what every browser shows
_FILMS = (
    ("webm", re.compile(rb"\x1a\x45\xdf\xa3")),
    ("mov", re.compile(rb"....ftypqt  ", re.DOTALL)),
    ("mp4", re.compile(rb"....ftyp", re.DOTALL)),
)


@dataclass(frozen=True)
class Media:
    """A file that can be uploaded: what its bytes say it is, whatever its name ends in."""

    path: Path
    name: str
    type: str  # 'image' or 'video'
    extension: str
    digest: str

    def read(self) -> bytes:
        """Return its bytes; refuse a file that is another since it was looked at."""
        try:
            data = _bytes(self.path)
        except OSError as error:
            raise CouldNotCompleteError(f"{self.path} cannot be read any more: {error.strerror}.") from error
        if sha256(data).hexdigest() != self.digest:
            raise CouldNotCompleteError(f"{self.path} was changed while it was uploaded; upload it again.")
        return data


def looked_at(files: "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]") -> list[Media]:
    """Return what the files are, in order; InvalidChangeError names all that cannot be uploaded, and why."""
    given = [files] if isinstance(files, str | bytes | os.PathLike) else files
    if not isinstance(given, Iterable):
        raise InvalidChangeError(f"The files to upload are paths in a list, found {type(files).__name__}.")
    found: dict[tuple[int, int], Media] = {}
    wrong = []
    for path in (as_path(each, "file") for each in given):
        try:
            known = _identity(path)
            if known in found:
                raise _UnfitError("is given twice")  # noqa: TRY301  told with all the others
            found[known] = _media(path)
        except (_UnfitError, OSError) as error:
            wrong.append(f"{str(path)!r} {_said(error)}")
    if wrong:
        raise InvalidChangeError(f"Nothing was uploaded: {'; '.join(wrong)}.")
    if not found:
        raise InvalidChangeError("No file was named; give the paths of images or videos.")
    return list(found.values())


def thumbnail(data: bytes) -> bytes:
    """Return a small JPEG of an image, upright as its EXIF says."""
    from PIL import ImageOps  # noqa: PLC0415  not before a picture is made

    image = _opened(data)
    image.draft("RGB", THUMBNAIL)
    small = ImageOps.exif_transpose(image)
    small.thumbnail(THUMBNAIL)
    return _jpeg(small)


def poster(path: Path) -> bytes | None:
    """Return a small JPEG of a video's beginning, by ffmpeg; None where there is none or it cannot."""
    if (ffmpeg := shutil.which("ffmpeg")) is None:
        return None
    asked = ["-nostdin", "-v", "error", "-i", f"file:{path.absolute()}", "-frames:v", "1", "-f", "image2pipe"]
    try:
        done = subprocess.run(
            [ffmpeg, *asked, "-c:v", "mjpeg", "-"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_PATIENCE,
        )
        return thumbnail(done.stdout)
    except (subprocess.SubprocessError, OSError, _UnfitError):
        return None


class _UnfitError(Exception):
    """A file cannot be uploaded: its text ends the sentence that its path begins."""


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    if S_ISLNK(found.st_mode):
        raise _UnfitError("is a symbolic link: name the file itself")
    if S_ISDIR(found.st_mode):
        raise _UnfitError("is a folder: name the files in it")
    if not S_ISREG(found.st_mode):
        raise _UnfitError("is no plain file")
    if not found.st_size:
        raise _UnfitError("is empty")
    if found.st_size > LARGEST:
        raise _UnfitError(f"has {found.st_size:,} bytes, more than {LARGEST:,}")
    return found.st_dev, found.st_ino


def _media(path: Path) -> Media:
    data = _bytes(path)
    name = os.fsencode(path.name).decode("utf-8", "replace")[:_LONGEST_NAME]
    for extension, beginning in _FILMS:
        if beginning.match(data):
            return Media(path, name, "video", extension, sha256(data).hexdigest())
    image = _opened(data)
    return Media(path, name, "image", _IMAGES[str(image.format)], sha256(data).hexdigest())


def _bytes(path: Path) -> bytes:
    # What was a file may be a link by now.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
        return file.read(LARGEST + 1)


def _opened(data: bytes) -> "Image":
    """Return the image, wholly read; only of formats whose readers start no programs."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  not before a picture is looked at

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes: told below
            image = Image.open(BytesIO(data), formats=tuple(_IMAGES))
            _refuse_too_large(image)
            image.load()
    except UnidentifiedImageError:
        kinds = ", ".join((*_IMAGES, "MP4", "MOV or WebM"))
        raise _UnfitError(f"is no image or video of a kind that browsers show ({kinds})") from None
    except _UnfitError:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file leads to
        raise _UnfitError(f"is a damaged image ({str(error) or type(error).__name__})") from error
    return image


def _refuse_too_large(image: "Image") -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _UnfitError(f"has {image.width} x {image.height} pixels, more than {MOST_PIXELS:,}")


def _jpeg(image: "Image") -> bytes:
    from PIL import Image  # noqa: PLC0415  not before a picture is made

    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    written = BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=82)
    return written.getvalue()


def _said(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there"
    return f"cannot be read ({error.strerror})" if isinstance(error, OSError) else str(error)
