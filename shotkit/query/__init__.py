"""A query client: rows that were read, kept, shared, invalidated by key, edited before the answer is there.

It stands alone: no dependencies, and nothing of shotkit is imported. Only `scopes` knows what a shot is.
"""

from shotkit.query.attempt import raise_if_cancelled
from shotkit.query.client import QueryClient
from shotkit.query.edits import Edit
from shotkit.query.errors import (
    ClientClosedError,
    EditSettledError,
    FetchCancelledError,
    QueryError,
    SelfWaitError,
)
from shotkit.query.events import Event
from shotkit.query.keys import QueryKey, matches
from shotkit.query.observers import Observer
from shotkit.query.optimistic import Patch
from shotkit.query.presets import (
    FREQUENTLY_CHANGING,
    REALTIME_BACKED,
    STATIC_REFERENCE,
    USER_SETTINGS,
    Preset,
)
from shotkit.query.results import QueryResult
from shotkit.query.retries import Retry, is_transient
from shotkit.query.schedule import Scheduler, ThreadScheduler
from shotkit.query.scopes import Scope, invalidate_shot, invalidate_variant, shot_keys, variant_keys
from shotkit.query.sizes import estimated_bytes

__all__ = [
    "FREQUENTLY_CHANGING",
    "REALTIME_BACKED",
    "STATIC_REFERENCE",
    "USER_SETTINGS",
    "ClientClosedError",
    "Edit",
    "EditSettledError",
    "Event",
    "FetchCancelledError",
    "Observer",
    "Patch",
    "Preset",
    "QueryClient",
    "QueryError",
    "QueryKey",
    "QueryResult",
    "Retry",
    "Scheduler",
    "Scope",
    "SelfWaitError",
    "ThreadScheduler",
    "estimated_bytes",
    "invalidate_shot",
    "invalidate_variant",
    "is_transient",
    "matches",
    "raise_if_cancelled",
    "shot_keys",
    "variant_keys",
]
