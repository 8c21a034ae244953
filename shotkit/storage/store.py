"""Media files in the three buckets of a local folder, written whole or not at all.

A location is a public address without its host: `/storage/v1/object/public/{bucket}/{path}`.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote, unquote
from uuid import uuid4

import fsspec

from shotkit.errors import CouldNotCompleteError, InvalidChangeError, NotFoundError
from shotkit.storage.paths import check_path

__all__ = ["BUCKETS", "Store", "location", "parse_location"]

BUCKETS = ("image_uploads", "training-data", "lora_files")
_LOCATION = re.compile(
    r"(?:https?://[^/?#]+)?/storage/v1/object/(?:public|sign)/([^/?#]+)/([^?#]+)(?:[?#].*)?", re.DOTALL
)


def location(bucket: str, path: str) -> str:
    """Return the location of a file, percent-encoded where its path needs it."""
    _check_bucket(bucket)
    check_path(path, path.partition("/")[0])
    return f"/storage/v1/object/public/{bucket}/{quote(path)}"


def parse_location(text: str) -> tuple[str, str]:
    """Return a location's bucket and path; a host and a query string are ignored."""
    if not (found := _LOCATION.fullmatch(text)):
        shown = re.split(r"[?#]", text, maxsplit=1)[0]
        raise NotFoundError(
            f"{shown!r} is no location in storage; one looks like /storage/v1/object/public/BUCKET/PATH."
        )
    bucket, path = found[1], unquote(found[2])
    _check_bucket(bucket)
    check_path(path, path.partition("/")[0])
    return bucket, path


class Store:
    """The buckets below the folder `root`, each file at `root/{bucket}/{path}`."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).expanduser().absolute()
        self._files = fsspec.filesystem("file")

    def __repr__(self) -> str:
        return f"<Store {self.root}>"

    def put(self, bucket: str, path: str, data: bytes, *, user_id: str) -> str:
        """Write a file below its owner's id, in place of one that stands there; return its location."""
        address = location(bucket, path)
        check_path(path, user_id)
        target = self._file(bucket, path)
        # Beside its place: a rename within one folder is whole or not at all.
        beside = f"{target}.{uuid4().hex}.part"
        with _told(address, self.root):
            self._files.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH120  fsspec's paths are text
            try:
                self._files.pipe_file(beside, data)
                self._files.mv(beside, target)
            finally:
                if self._files.exists(beside):
                    self._files.rm_file(beside)
        return address

    def open(self, location: str) -> BinaryIO:
        """Open a file for reading."""
        with _told(location, self.root):
            return cast("BinaryIO", self._files.open(self._file(*parse_location(location)), "rb"))

    def read(self, location: str) -> bytes:
        """Return a file's bytes."""
        with _told(location, self.root), self.open(location) as file:
            return file.read()

    def exists(self, location: str) -> bool:
        """Say whether the file of a location is here."""
        return bool(self._files.isfile(self._file(*parse_location(location))))

    def _file(self, bucket: str, path: str) -> str:
        return str(self.root / bucket / path)


def _check_bucket(bucket: str) -> None:
    if bucket not in BUCKETS:
        raise InvalidChangeError(f"There is no bucket {bucket!r}; there are {', '.join(BUCKETS)}.")


@contextmanager
def _told(location: str, root: Path) -> Iterator[None]:
    shown = location.partition("?")[0]
    try:
        yield
    except FileNotFoundError as error:
        raise NotFoundError(f"No file of {shown} is below {root}.") from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CouldNotCompleteError(
                f"No space is left below {root} for {shown}; nothing of it was kept. Make room and try again."
            ) from error
        raise CouldNotCompleteError(f"{shown} below {root}: {error.strerror or error}.") from error
