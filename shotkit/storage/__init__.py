"""Where media files are: the buckets of a local folder, and the paths inside them."""

from shotkit.storage.paths import (
    check_path,
    file_extension,
    task_output_path,
    task_thumbnail_path,
    thumbnail_path,
    upload_path,
    video_thumbnail_path,
)
from shotkit.storage.store import BUCKETS, Store, location, parse_location

__all__ = [
    "BUCKETS",
    "Store",
    "check_path",
    "file_extension",
    "location",
    "parse_location",
    "task_output_path",
    "task_thumbnail_path",
    "thumbnail_path",
    "upload_path",
    "video_thumbnail_path",
]
