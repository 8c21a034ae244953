"""The buckets of Supabase, or of any server that speaks S3, by its S3-compatible endpoint."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shotkit.errors import ConfigurationError, CouldNotCompleteError
from shotkit.storage.paths import check_path
from shotkit.storage.store import Store, location, parse_location

__all__ = ["S3Store", "open_store"]

PUBLIC = ("image_uploads", "lora_files")
_LONGEST = 7 * 24 * 3600  # seconds that a presigned address may hold
_ENDPOINT = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#@]*)?", re.IGNORECASE)
_SUPABASE = re.compile(r"(https://[^/]+?)(?:\.storage)?(\.supabase\.(?:co|in|red))/storage/v1/s3/?")


class S3Store(Store):
    """The buckets behind an S3 endpoint; rows of the database hold the public address of a file.

    `public` is where the public address begins, for Supabase the project's own. The keys are those of
    Supabase's storage settings, else of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and are never shown.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        public: str | None = None,
        key: str | None = None,
        secret: str | None = None,
        region: str | None = None,
    ) -> None:
        if not _ENDPOINT.fullmatch(endpoint):
            raise ConfigurationError(
                "The storage's endpoint is https://HOST/PATH without user, query or spaces, such as "
                "https://PROJECT.supabase.co/storage/v1/s3."
            )
        self.endpoint = endpoint
        self.public = (public or _project(endpoint)).rstrip("/")
        self.where = f"at {endpoint}"
        self._files = _filesystem(endpoint, key, secret, region)

    def __repr__(self) -> str:
        return f"<S3Store {self.endpoint}>"

    def put(self, bucket: str, path: str, data: bytes, *, user_id: str) -> str:
        """Write a file below its owner's id, in place of one that stands there; return its location."""
        address = self.location(bucket, path)
        check_path(path, user_id)
        with self._told(address):
            self._files.pipe_file(self._file(bucket, path), data)
        return address

    def location(self, bucket: str, path: str) -> str:
        """Return the public address of a file, which a private bucket's owner alone can make use of."""
        return f"{self.public}{location(bucket, path)}"

    def address(self, location: str, *, seconds: int | None = None) -> str:
        """Return where a browser finds a file: its public address, or one signed for so many seconds.

        What is signed is S3's presigned address. Supabase's own, /object/sign/..?token=.., are made by its
        HTTP API, which is not asked here. A file of a private bucket has no public address.
        """
        bucket, path = parse_location(location)
        if seconds is None:
            if bucket not in PUBLIC:
                raise ConfigurationError(f"Bucket {bucket!r} is private; say for how many seconds to sign.")
            return self.location(bucket, path)
        if not 0 < seconds <= _LONGEST:
            raise ConfigurationError(f"An address is signed for 1 to {_LONGEST} seconds, found {seconds!r}.")
        return str(self._files.sign(self._file(bucket, path), expiration=seconds))

    def exists(self, location: str) -> bool:
        """Say whether the file of a location is there."""
        with self._told(location):
            return bool(self._files.isfile(self._file(*parse_location(location))))

    def _file(self, bucket: str, path: str) -> str:
        return f"{bucket}/{path}"

    @contextmanager
    def _told(self, location: str) -> Iterator[None]:
        try:
            with super()._told(location):
                yield
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in {"botocore", "aiobotocore", "aiohttp"}:
                raise
            shown = location.partition("?")[0]
            raise CouldNotCompleteError(
                f"{shown} {self.where}: {error}. Check the endpoint, the keys and that the server answers."
            ) from error


def open_store(folder: Path, environ: Mapping[str, str] = os.environ) -> Store:
    """Return the store at SHOTKIT_STORAGE, an S3 endpoint, else the local folder.

    SHOTKIT_STORAGE_PUBLIC says where public addresses begin, if not at Supabase's own place for them;
    AWS_REGION names the region.
    """
    if not (endpoint := environ.get("SHOTKIT_STORAGE")):
        return Store(folder)
    return S3Store(endpoint, public=environ.get("SHOTKIT_STORAGE_PUBLIC"), region=environ.get("AWS_REGION"))


def _project(endpoint: str) -> str:
    """Return where the public addresses of an endpoint begin: Supabase serves them beside it."""
    if found := _SUPABASE.fullmatch(endpoint):
        return f"{found[1]}{found[2]}"
    return endpoint.rstrip("/").removesuffix("/storage/v1/s3")


def _filesystem(endpoint: str, key: str | None, secret: str | None, region: str | None) -> Any:
    try:
        import s3fs  # noqa: PLC0415  an extra, and heavy
    except ImportError as error:
        raise ConfigurationError(
            "Storage that speaks S3 needs s3fs; run: pip install 'shotkit[s3]'."
        ) from error
    try:
        return s3fs.S3FileSystem(
            endpoint_url=endpoint,
            key=key,
            secret=secret,
            client_kwargs={"region_name": region or "us-east-1"},
            config_kwargs={"s3": {"addressing_style": "path"}, "signature_version": "s3v4"},
            use_listings_cache=False,
            skip_instance_cache=True,
        )
    except Exception as error:  # of botocore, by whatever name
        raise CouldNotCompleteError(f"The storage at {endpoint} cannot be opened: {error}.") from error
