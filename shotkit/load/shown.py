"""What is derived from the addresses of media, a whole column at a time; as shotkit.model has it for one."""

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.model.columns import holds, up_to

__all__ = ["with_identities"]

_VIDEO = r"(?i)\.(mp4|webm|mov)$"


def with_identities(rows: pa.Table) -> pa.Table:
    """Return `rows` with url_identity, thumb_url_identity and is_video at the end."""
    identity = _up_to("?", rows["location"])
    return (
        rows.append_column("url_identity", identity)
        .append_column("thumb_url_identity", _up_to("?", rows["thumbnail_url"]))
        .append_column("is_video", _is_video(rows, identity))
    )


def _up_to(mark: str, urls: pa.ChunkedArray) -> pa.ChunkedArray:
    parts = up_to(mark, urls)
    return pc.fill_null(parts, "") if parts.null_count else parts


def _is_video(rows: pa.Table, identity: pa.ChunkedArray) -> pa.ChunkedArray:
    by_path = pc.match_substring_regex(_up_to("#", identity), _VIDEO)
    # A table of variants has no type: the location alone tells.
    if "type" not in rows.schema.names or not holds(rows["type"], "video"):
        return by_path
    return pc.or_(by_path, pc.match_substring(rows["type"], "video"))
