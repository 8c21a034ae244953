"""The rows of the demo, a dataclass a table, gathered in chunks that are written whole or not at all."""

from dataclasses import dataclass, field, fields
from typing import Any

__all__ = [
    "Chunk",
    "Entry",
    "File",
    "Generation",
    "Link",
    "Params",
    "Project",
    "Shot",
    "Task",
    "User",
    "Variant",
]


@dataclass
class User:
    """A row of users; its credits come with its ledger."""

    id: str
    name: str
    email: str
    username: str


@dataclass
class Project:
    """A row of projects."""

    id: str
    name: str
    user_id: str
    aspect_ratio: str
    created_at: str


@dataclass
class Shot:
    """A row of shots."""

    id: str
    name: str
    project_id: str
    position: int
    aspect_ratio: str
    created_at: str


@dataclass
class Params:
    """Params that rows name by `key`: `own`, or the template of that number with `own` and `nested` in it.

    `wrapped` puts the template below `originalParams`, as the params of an image have it.
    """

    key: int
    own: dict[str, Any]
    template: int | None = None
    nested: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrapped: bool = False


@dataclass
class Task:
    """A row of tasks."""

    id: str
    task_type: str
    project_id: str
    params_key: int
    status: str
    created_at: str
    output_location: str | None = None
    dependant_on: list[str] | None = None
    generation_started_at: str | None = None
    generation_processed_at: str | None = None
    worker_id: str | None = None
    attempts: int = 0
    error_message: str | None = None


@dataclass
class Generation:
    """A row of generations; its shot_data grows with its links."""

    id: str
    project_id: str
    type: str
    location: str
    thumbnail_url: str
    params_key: int
    created_at: str
    primary_variant_id: str
    name: str | None = None
    starred: bool = False
    tasks: list[str] = field(default_factory=list)
    based_on: str | None = None
    parent_generation_id: str | None = None
    child_order: int | None = None
    is_child: bool = False
    pair_shot_generation_id: str | None = None
    shot_data: dict[str, list[int | None]] = field(default_factory=dict)


@dataclass
class Variant:
    """A row of generation_variants."""

    id: str
    generation_id: str
    project_id: str
    location: str
    thumbnail_url: str
    params_key: int
    is_primary: bool
    variant_type: str
    created_at: str
    name: str | None = None
    viewed_at: str | None = None
    starred: bool = False


@dataclass
class Link:
    """A row of shot_generations."""

    id: str
    shot_id: str
    generation_id: str
    timeline_frame: int | None
    metadata: dict[str, Any] | None
    created_at: str


@dataclass
class Entry:
    """A row of credits_ledger."""

    id: str
    user_id: str
    task_id: str | None
    amount: float
    type: str
    created_at: str
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class File:
    """A row of storage.objects."""

    id: str
    bucket_id: str
    name: str
    owner: str
    created_at: str


@dataclass
class Chunk:
    """Rows that stand on their own: every reference leads into the chunk or to the users."""

    users: list[User] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    params: list[Params] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    generations: list[Generation] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many rows of each table the chunk holds."""
        counted = (field.name for field in fields(self) if field.name != "params")
        return {name: len(getattr(self, name)) for name in counted}

    def add_params(self, own: dict[str, Any], **template: Any) -> int:
        """Add params; return the key that rows name them by."""
        self.params.append(Params(len(self.params), own, **template))
        return len(self.params) - 1

    def add_link(self, link: Link, generation: Generation) -> Link:
        """Add a link, and its frame to the generation's shot_data: ascending, NULLs last."""
        self.links.append(link)
        frames = generation.shot_data.setdefault(link.shot_id, [])
        frames.append(link.timeline_frame)
        frames.sort(key=lambda frame: (frame is None, frame))
        return link
