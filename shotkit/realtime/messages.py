"""What a payload on the channel says: anybody may send there, so only what is well-formed counts."""

import json
import re
from dataclasses import dataclass
from uuid import UUID

__all__ = ["TOPICS", "Message", "parsed"]

# What is watched of each table, by the id of what.
TOPICS = {
    "shot_generations": "shot_id",
    "generation_variants": "generation_id",
    "shots": "project_id",
    "generations": "project_id",  # a gallery; nothing is sent of these
}
_LONGEST = 8000  # bytes, the server's own limit
_XID = re.compile(r"[1-9][0-9]{0,19}")
_CANONICAL = 36  # characters; UUID() takes other spellings too


@dataclass(frozen=True)
class Message:
    """One transaction changed rows of `table` that belong to the shot, generation or project `id`."""

    table: str
    id: str
    xid: int


def parsed(payload: bytes) -> Message | None:
    """Return what the payload says, None where it is foreign or malformed."""
    if len(payload) > _LONGEST:
        return None
    try:
        said = json.loads(payload)
        table, xid = said["table"], said["xid"]
        return Message(table, _uuid(said[TOPICS[table]]), _xid(xid))
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _uuid(text: object) -> str:
    if not isinstance(text, str) or len(text) != _CANONICAL:
        raise ValueError(text)
    return str(UUID(text))


def _xid(text: object) -> int:
    if not isinstance(text, str) or not _XID.fullmatch(text):
        raise ValueError(text)
    return int(text)
