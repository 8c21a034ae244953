"""Which rows of a shot are on the timeline, off it, or videos."""

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["on_timeline", "unpositioned", "videos"]

_PLACEHOLDER = "/placeholder.svg"


def on_timeline(rows: pa.Table) -> pa.Table:
    """Return the images at a frame >= 0; -1 in the table is corruption, never a position."""
    positioned = pc.fill_null(pc.greater_equal(rows["timeline_frame"], 0), fill_value=False)
    real = pc.not_equal(rows["location"], _PLACEHOLDER)
    return rows.filter(pc.and_(positioned, pc.and_(_usable_image(rows), real)))


def unpositioned(rows: pa.Table) -> pa.Table:
    """Return the images that are in the shot and off the timeline."""
    return rows.filter(pc.and_(pc.is_null(rows["timeline_frame"]), _usable_image(rows)))


def videos(rows: pa.Table) -> pa.Table:
    """Return the videos."""
    return rows.filter(rows["is_video"])


def _usable_image(rows: pa.Table) -> pa.ChunkedArray:
    has_location = pc.fill_null(pc.not_equal(rows["location"], ""), fill_value=False)
    return pc.and_(has_location, pc.invert(rows["is_video"]))
