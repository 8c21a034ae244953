"""What a gallery lists and the shots it adds to: those of a kit, or of one shot and its project."""

from typing import TYPE_CHECKING, Any, Protocol

from shotkit.errors import NotFoundError
from shotkit.widgets.base import Ends
from shotkit.widgets.details import Described
from shotkit.widgets.messages import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from shotkit.mutate import Change
    from shotkit.query import QueryResult

__all__ = ["Rows", "Source", "source_of"]


class Target(Protocol):
    """A shot, as far as images are put into it."""

    def add(self, generation_id: str, *, positioned: bool, rebase: bool) -> "Change":
        """Put a generation into the shot."""


class Rows(Protocol):
    """What filters leave, as `kit.listing` gives it."""

    def rows(self) -> "pd.DataFrame":
        """Return the generations."""

    def refresh(self) -> None:
        """Forget what was read."""

    def existing(self, generation_ids: "Iterable[str]") -> set[str]:
        """Return those that there are, whether the filters leave them or not."""

    def observe(self, callback: "Callable[[QueryResult], object]") -> Ends:
        """Call back whenever they change."""


class Source(Protocol):
    """Where a gallery's rows come from."""

    title: str

    def listing(self, filters: dict[str, Any]) -> Rows:
        """Return the generations that the filters of `Kit.generations` leave."""

    def projects(self) -> list[dict[str, Any]]:
        """Return id and name of the projects to choose from; none where there is no choice."""

    def shots(self) -> list[dict[str, Any]]:
        """Return id, name and project of the shots that images can be put into."""

    def shot(self, shot_id: str) -> Target:
        """Return one of them."""

    def generation(self, generation_id: str) -> Described:
        """Return a generation."""


class OfKit:
    """The generations of a kit, of one project or of all."""

    def __init__(self, kit: Any, project: object) -> None:
        self.title = "gallery" if project is None else f"gallery of {project}"
        self._kit = kit
        self._project = project

    def listing(self, filters: dict[str, Any]) -> Rows:
        """Return the generations."""
        given = dict(filters)
        chosen = given.pop("project", None)
        found: Rows = self._kit.listing(chosen if self._project is None else self._project, **given)
        return found

    def projects(self) -> list[dict[str, Any]]:
        """Return all, unless the gallery is of one."""
        return [] if self._project is not None else records(self._kit.projects(), ["id", "name"])

    def shots(self) -> list[dict[str, Any]]:
        """Return all shots."""
        return records(self._kit.shots(self._project), ["id", "name", "project", "project_id"])

    def shot(self, shot_id: str) -> Target:
        """Return a shot."""
        found: Target = self._kit.shot(shot_id)
        return found

    def generation(self, generation_id: str) -> Described:
        """Return a generation."""
        found: Described = self._kit.generation(generation_id)
        return found


class OfShot:
    """The generations of a shot's project."""

    def __init__(self, shot: Any) -> None:
        self.title = f"gallery for {shot.name}"
        self._shot = shot

    def listing(self, filters: dict[str, Any]) -> Rows:
        """Return the generations."""
        found: Rows = self._shot.listing(**filters)
        return found

    def projects(self) -> list[dict[str, Any]]:
        """Return none: a shot is of one project."""
        return []

    def shots(self) -> list[dict[str, Any]]:
        """Return the one shot."""
        return [{"id": self._shot.id, "name": self._shot.name, "project": None}]

    def shot(self, shot_id: str) -> Target:
        """Return the one shot."""
        if shot_id != self._shot.id:
            raise NotFoundError(f"This gallery puts images into shot {self._shot.name!r} only.")
        found: Target = self._shot
        return found

    def generation(self, generation_id: str) -> Described:
        """Return a generation."""
        found: Described = self._shot.generation(generation_id)
        return found


def source_of(kit_or_shot: Any, project: object) -> Source:
    """Return the source of a kit, or of a shot, which is the one that has a gallery of its own."""
    return OfShot(kit_or_shot) if hasattr(kit_or_shot, "gallery") else OfKit(kit_or_shot, project)
