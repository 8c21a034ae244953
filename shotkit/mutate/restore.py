"""The change that takes a stored change of a shot back, as a value; it can be taken back like any other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shotkit.errors import StaleShotError
from shotkit.mutate.differ import difference
from shotkit.mutate.intents import Intent
from shotkit.mutate.links import Added, Links, Places, Plan
from shotkit.mutate.remember import at_path, own

__all__ = ["Restore", "undo_code"]


@dataclass(frozen=True)
class Restore(Intent):
    """Set a shot's links back to what they were before a change, one removed or added included."""

    source = "undo"
    undoes: str
    remembered: Mapping[str, Any]

    @property
    def code(self) -> str:
        """The line."""
        return undo_code(self.undoes)

    @property
    def seen(self) -> dict[str, int | None]:
        """The frame of every link as the change left it."""
        return dict(self.remembered["after"])

    def plan(self, links: Links) -> Plan:
        """Return what it comes to; the shot must stand as the change left it."""
        if links.frames != self.seen:
            raise self._stale(difference(self.seen, links.frames), links)
        added, removed = self.remembered.get("added"), self.remembered.get("removed")
        prompts = self.remembered.get("prompts")
        return Plan(
            dict(self.remembered["frames"]),
            added=_back(removed) if removed else None,
            removed=added["id"] if added else None,
            places=_places(prompts) if prompts else None,
        )

    def check(self, links: Links, rows: Mapping[str, Any]) -> None:
        """Refuse where the link that would go, or the prompts, are no longer what the change left."""
        if added := self.remembered.get("added"):
            found = json.loads(rows[added["id"]]["row"])
            left = own(json.loads(added["metadata"] or "null"))
            if (found["generation_id"], own(found["metadata"])) != (added["generation_id"], left):
                raise self._stale(f"link {added['id']}, which would go, has other metadata", links)
        if prompts := self.remembered.get("prompts"):
            metadata = json.loads(rows[prompts["id"]]["row"])["metadata"]
            if any(at_path(metadata, path) != left for path, _, left in prompts["places"]):
                raise self._stale(f"the prompts of link {prompts['id']} are others", links)

    def _stale(self, what: str, links: Links) -> StaleShotError:
        return StaleShotError(
            f"Shot {self.remembered['shot_id']} changed since what would be undone: {what}. Nothing was "
            "written; change it by hand, or undo first what came after.",
            seen=self.seen,
            found=links.frames,
        )


def undo_code(op_id: str) -> str:
    """Return the Python line that undoes a change."""
    return f"kit.undo({op_id!r})"


def _back(removed: Mapping[str, Any]) -> Added:
    row = json.loads(removed["row"])
    return Added(
        row["generation_id"], row["timeline_frame"], row["id"], removed["row"], tuple(removed["pairs"])
    )


def _places(prompts: Mapping[str, Any]) -> Places:
    return Places(prompts["id"], tuple((tuple(path), was) for path, was, _ in prompts["places"]))
