"""Whether the schema tells of what changes, as shotkit's own does."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotkit.schema.capabilities import Capabilities

__all__ = ["tells_all"]

_TELL = {
    "shot_generations": "notify_changed_shots",
    "generation_variants": "notify_changed_variants",
    "shots": "notify_changed_shot_rows",
}
_WRITES = {"insert", "update", "delete"}


def tells_all(seen: "Capabilities") -> bool:
    """Whether triggers send every write to links, variants and shots by NOTIFY, and no pooler loses it."""
    return not seen.is_pooled and all(
        _told(seen, table, function) >= _WRITES for table, function in _TELL.items()
    )


def _told(seen: "Capabilities", table: str, function: str) -> set[str]:
    return {
        event
        for trigger in seen.triggers
        if trigger.table == table and trigger.enabled and seen.function(trigger.function).name == function
        for event in trigger.events
    }
