"""Where media files are: the buckets of a local folder or an S3 endpoint, and the paths inside them."""

from shotkit.storage.media import LARGEST, Media, looked_at, poster, thumbnail
from shotkit.storage.paths import (
    check_path,
    file_extension,
    new_name,
    new_thumbnail_name,
    task_output_path,
    task_thumbnail_path,
    thumbnail_path,
    upload_path,
    video_thumbnail_path,
)
from shotkit.storage.s3 import S3Store, open_store
from shotkit.storage.store import BUCKETS, File, Store, location, parse_location

__all__ = [
    "BUCKETS",
    "LARGEST",
    "File",
    "Media",
    "S3Store",
    "Store",
    "check_path",
    "file_extension",
    "location",
    "looked_at",
    "new_name",
    "new_thumbnail_name",
    "open_store",
    "parse_location",
    "poster",
    "task_output_path",
    "task_thumbnail_path",
    "thumbnail",
    "thumbnail_path",
    "upload_path",
    "video_thumbnail_path",
]
