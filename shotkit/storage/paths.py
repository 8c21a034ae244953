"""Where a file goes inside its bucket: every path begins with its owner's id."""

import re
import secrets
import time

from shotkit.errors import InvalidChangeError

__all__ = [
    "check_path",
    "file_extension",
    "new_name",
    "new_thumbnail_name",
    "task_output_path",
    "task_thumbnail_path",
    "thumbnail_path",
    "upload_path",
    "video_thumbnail_path",
]

_BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_EXTENSION = re.compile(r"[a-z0-9]+")
_SUBTYPE = re.compile(r"[a-z0-9][a-z0-9+.-]*")
_UNFIT = re.compile(r"[\\\x00-\x1f\x7f\ud800-\udfff]")


def upload_path(user_id: str, name: str) -> str:
    """Return the path of an uploaded image or video."""
    return _path(user_id, "uploads", name)


def thumbnail_path(user_id: str, name: str) -> str:
    """Return the path of an upload's thumbnail."""
    return _path(user_id, "thumbnails", name)


def video_thumbnail_path(user_id: str, generation_id: str) -> str:
    """Return the path of the thumbnail made from a generation that is a video."""
    return thumbnail_path(user_id, f"{generation_id}-thumb.jpg")


def task_output_path(user_id: str, task_id: str, name: str) -> str:
    """Return the path of what a task made."""
    return _path(user_id, "tasks", task_id, name)


def task_thumbnail_path(user_id: str, task_id: str, name: str) -> str:
    """Return the path of the thumbnail of what a task made."""
    return _path(user_id, "tasks", task_id, "thumbnails", name)


def new_name(extension: str) -> str:
    """Return a name for an uploaded file: `{milliseconds}-{8 random characters}.{extension}`."""
    return f"{_milliseconds()}-{_random(8)}.{extension}"


def new_thumbnail_name() -> str:
    """Return a name for its thumbnail: `thumb_{milliseconds}_{6 random characters}.jpg`."""
    return f"thumb_{_milliseconds()}_{_random(6)}.jpg"


def check_path(path: str, user_id: str) -> None:
    """Refuse a path that is not below `user_id`, or could leave it: InvalidChangeError says why."""
    segments = path.split("/")
    if any(segment in {"", ".", ".."} for segment in segments):
        raise InvalidChangeError(f"The storage path {path!r} has an empty, '.' or '..' segment.")
    if _UNFIT.search(path):
        raise InvalidChangeError(
            f"The storage path {path!r} has a backslash, a control character or half of a surrogate pair."
        )
    if segments[0] != user_id:
        raise InvalidChangeError(f"The storage path {path!r} is not below its owner's id {user_id!r}.")


def file_extension(name: str, mime: str | None = None) -> str:
    """Return the extension of a file name or URL, else the one its MIME type suggests, else 'bin'."""
    segment = re.split(r"[?#]", name, maxsplit=1)[0].rpartition("/")[2]
    extension = segment.rpartition(".")[2].lower() if "." in segment else ""
    if _EXTENSION.fullmatch(extension):
        return extension
    subtype = (mime or "").partition(";")[0].partition("/")[2].strip().lower()
    if not _SUBTYPE.fullmatch(subtype):
        return "bin"
    return "jpg" if subtype == "jpeg" else subtype


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _random(length: int) -> str:
    return "".join(secrets.choice(_BASE_36) for _ in range(length))


def _path(*segments: str) -> str:
    if any("/" in segment for segment in segments):
        raise InvalidChangeError(f"A part of a storage path holds no '/', found {list(segments)}.")
    path = "/".join(segments)
    check_path(path, segments[0])
    return path
