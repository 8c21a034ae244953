"""What is derived from the addresses of media, a whole column at a time; as shotkit.model has it for one."""

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["with_identities"]

_VIDEO_PATH = r"^[^?#]*\.(mp4|webm|mov)([?#]|$)"


def with_identities(rows: pa.Table) -> pa.Table:
    """Return `rows` with url_identity, thumb_url_identity and is_video at the end."""
    return (
        rows.append_column("url_identity", _identity(rows["location"]))
        .append_column("thumb_url_identity", _identity(rows["thumbnail_url"]))
        .append_column("is_video", _is_video(rows))
    )


def _identity(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.replace_substring_regex(urls, r"(?s)\?.*", ""), "")


def _is_video(rows: pa.Table) -> pa.ChunkedArray:
    # A table of variants has no type: the location alone tells.
    by_path = pc.match_substring_regex(pc.fill_null(rows["location"], ""), _VIDEO_PATH, ignore_case=True)
    if "type" not in rows.schema.names:
        return by_path
    return pc.or_(by_path, pc.match_substring(rows["type"], "video"))
