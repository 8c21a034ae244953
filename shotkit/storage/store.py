"""Media files in the three buckets, of a local folder unless said: written whole or not at all.

A location is a public address without its host: `/storage/v1/object/public/{bucket}/{path}`.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from urllib.parse import quote, unquote
from uuid import uuid4

import fsspec

from shotkit.errors import CouldNotCompleteError, InvalidChangeError, NotFoundError
from shotkit.storage.paths import check_path

__all__ = ["BUCKETS", "File", "Store", "location", "parse_location"]

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
    if bucket not in BUCKETS:
        raise NotFoundError(f"Bucket {bucket!r} is none that shotkit reads; it reads {', '.join(BUCKETS)}.")
    check_path(path, path.partition("/")[0])
    return bucket, path


class File(NamedTuple):
    """A file that stands in a bucket: its location, its bytes, when it was written."""

    location: str
    bytes: int
    written: datetime


class Store:
    """The buckets below the folder `root`, each file at `root/{bucket}/{path}`."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).expanduser().absolute()
        self.where = f"below {self.root}"
        self._files = fsspec.filesystem("file")

    def __repr__(self) -> str:
        return f"<Store {self.root}>"

    def put(self, bucket: str, path: str, data: bytes, *, user_id: str) -> str:
        """Write a file below its owner's id, in place of one that stands there; return its location."""
        address = self.location(bucket, path)
        check_path(path, user_id)
        target = self._file(bucket, path)
        # Beside its place: a rename within one folder is whole or not at all.
        beside = f"{target}.{uuid4().hex}.part"
        with self._told(address):
            self._files.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH120  fsspec's paths are text
            try:
                self._files.pipe_file(beside, data)
                self._files.mv(beside, target)
            finally:
                if self._files.exists(beside):
                    self._files.rm_file(beside)
        return address

    def remove(self, location: str) -> None:
        """Remove a file; one that is not there is removed already."""
        with self._told(location), suppress(FileNotFoundError):
            self._files.rm_file(self._file(*parse_location(location)))

    def files(self, bucket: str, folder: str) -> list[File]:
        """Return the files right below a folder of a bucket, none where there is no such folder."""
        check_path(folder, folder.partition("/")[0])
        shown = self.location(bucket, folder)
        with self._told(shown):
            try:
                found = self._files.ls(self._file(bucket, folder), detail=True, refresh=True)
            except FileNotFoundError:
                return []
        rows = [_seen(each) for each in found if each["type"] == "file"]
        return [
            File(self.location(bucket, f"{folder}/{name}"), size, written) for name, size, written in rows
        ]

    def location(self, bucket: str, path: str) -> str:
        """Return the address of a file that rows of the database hold."""
        return location(bucket, path)

    def address(self, location: str, *, seconds: int | None = None) -> str:
        """Return where a browser on this machine finds a file: here its file:// address, signed by nobody."""
        del seconds  # a folder's own rights say who may read it, and for how long
        return Path(self._file(*parse_location(location))).as_uri()

    def open(self, location: str) -> BinaryIO:
        """Open a file for reading."""
        with self._told(location):
            return cast("BinaryIO", self._files.open(self._file(*parse_location(location)), "rb"))

    def read(self, location: str) -> bytes:
        """Return a file's bytes."""
        with self._told(location), self.open(location) as file:
            return file.read()

    def exists(self, location: str) -> bool:
        """Say whether the file of a location is here."""
        return bool(self._files.isfile(self._file(*parse_location(location))))

    def _file(self, bucket: str, path: str) -> str:
        return str(self.root / bucket / path)

    @contextmanager
    def _told(self, location: str) -> Iterator[None]:
        """Raise shotkit's error for what goes wrong with a file; the token of an address is not shown."""
        shown, where = location.partition("?")[0], self.where
        try:
            yield
        except FileNotFoundError as error:
            raise NotFoundError(f"No file of {shown} is {where}.") from error
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise CouldNotCompleteError(
                    f"No space is left {where} for {shown}; nothing of it was kept. Make room and try again."
                ) from error
            raise CouldNotCompleteError(f"{shown} {where}: {error.strerror or error}.") from error


def _check_bucket(bucket: str) -> None:
    if bucket not in BUCKETS:
        raise InvalidChangeError(f"There is no bucket {bucket!r}; there are {', '.join(BUCKETS)}.")


def _seen(found: dict[str, Any]) -> tuple[str, int, datetime]:
    """Return name, size and time of writing of what a file system lists, each in its own words."""
    written = found.get("LastModified") or datetime.fromtimestamp(found["mtime"], UTC)
    return found["name"].rpartition("/")[2], found["size"], written
