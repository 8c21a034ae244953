"""What a media address says: its identity without the signed part, and whether it is a video."""

__all__ = ["is_video", "url_identity"]

_VIDEO_ENDINGS = (".mp4", ".webm", ".mov")


def url_identity(url: str | None) -> str:
    """Return the URL up to its first `?`, so that a new signed token is not a new image; '' for none."""
    return (url or "").partition("?")[0]


def is_video(type: str | None, location: str | None) -> bool:  # noqa: A002  the column is named type
    """Return whether the type contains 'video', or the location's path ends as a video's in any case."""
    path = url_identity(location).partition("#")[0]
    return "video" in (type or "") or path.lower().endswith(_VIDEO_ENDINGS)
