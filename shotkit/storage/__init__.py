"""Where media files are: the paths inside the buckets."""

from shotkit.storage.paths import (
    check_path,
    file_extension,
    task_output_path,
    task_thumbnail_path,
    thumbnail_path,
    upload_path,
    video_thumbnail_path,
)

__all__ = [
    "check_path",
    "file_extension",
    "task_output_path",
    "task_thumbnail_path",
    "thumbnail_path",
    "upload_path",
    "video_thumbnail_path",
]
