"""Is an event older than the data? The server's own rule, on the text of pg_current_snapshot()."""

from dataclasses import dataclass

__all__ = ["holds", "is_older"]


@dataclass(frozen=True)
class _Snapshot:
    """`first:next:running,...`: what is below `next` and not running is over, and to be seen if committed."""

    next: int
    running: frozenset[int]


def is_older(xid: int, snapshot: str) -> bool:
    """Return whether data read under `snapshot` has what transaction `xid` committed."""
    return _seen(xid, _parsed(snapshot))


def holds(snapshot: str, other: str) -> bool:
    """Return whether data read under `snapshot` has all that was to be seen under `other`."""
    mine, theirs = _parsed(snapshot), _parsed(other)
    begun_since = sum(xid >= mine.next for xid in theirs.running)
    return begun_since >= theirs.next - mine.next and all(
        xid in theirs.running for xid in mine.running if xid < theirs.next
    )


def _seen(xid: int, snapshot: _Snapshot) -> bool:
    return xid < snapshot.next and xid not in snapshot.running


def _parsed(text: str) -> _Snapshot:
    _, following, running = text.split(":")
    return _Snapshot(int(following), frozenset(map(int, filter(None, running.split(",")))))
