"""Makes what an author makes: images, films and their variants, with the tasks, the files and the bills."""

from dataclasses import dataclass, field
from typing import Any

from shotkit.demo.landscape import Scene
from shotkit.demo.names import identity, milliseconds, moment, word
from shotkit.demo.rows import Chunk, Entry, File, Generation, Link, Project, Shot, Task, Variant
from shotkit.storage import (
    location,
    task_output_path,
    task_thumbnail_path,
    thumbnail_path,
    upload_path,
)

__all__ = ["BUCKET", "PRICE", "Picture", "Studio", "Take"]

BUCKET = "image_uploads"
PRICE = {"individual_travel_segment": 0.162, "travel_stitch": 0.040, "text_to_image": 0.035}
_EDIT_PRICE = 0.025
_TASK_TYPES = {"upscale": "image_upscale", "repositioned": "image_reposition", "edit": "image_edit"}


@dataclass(frozen=True)
class Picture:
    """How to paint one file and its thumbnail; with `until`, an hour, it is a film."""

    user_id: str
    path: str
    thumbnail: str
    scene: Scene
    hour: float
    growth: float
    look: str
    until: float | None = None


@dataclass(frozen=True)
class Take:
    """One way to look at a generation: what becomes a variant. `task_type` is None for an upload."""

    look: str
    params: dict[str, Any]
    task_type: str | None
    file_name: str
    variant_type: str
    hours: tuple[float, float | None]
    growth: float


@dataclass
class Studio:
    """One project's author at work: every method adds rows to `chunk` and what to paint to `pictures`."""

    chunk: Chunk
    pictures: list[Picture]
    project: Project
    scene: Scene
    minutes: float
    worker: str = field(init=False)

    def __post_init__(self) -> None:
        self.worker = f"worker-{word(4, self.project.id)}"
        self.chunk.projects.append(self.project)

    def shot(self, name: str, position: int) -> Shot:
        """Add a shot."""
        key = identity("shot", self.project.id, name)
        made = Shot(key, name, self.project.id, position, self.project.aspect_ratio, self.tick())
        self.chunk.shots.append(made)
        return made

    def link(
        self, shot: Shot, generation: Generation, frame: int | None, metadata: dict[str, Any] | None
    ) -> Link:
        """Put a generation into a shot, once more if it is there."""
        key = identity("link", shot.id, generation.id, frame)
        return self.chunk.add_link(
            Link(key, shot.id, generation.id, frame, metadata, self.tick()), generation
        )

    def image(  # noqa: PLR0913  an image of the story is one line with what tells it apart
        self,
        name: str,
        hour: float,
        growth: float,
        looks: tuple[str, ...] = ("original",),
        *,
        prompt: str = "",
        params: dict[str, Any] | None = None,
        based_on: Generation | None = None,
        primary: int = 0,
        starred: bool = False,
        title: str | None = None,
    ) -> Generation:
        """Add an image: uploaded, or made by a task where it has `params`; a variant for each look."""
        own = {"prompt": prompt, "seed": 1000 + round(hour * 9000), **(params or {})}
        first = ("image_edit" if based_on else "text_to_image") if params else None
        takes = [
            Take(
                look,
                own if not number else {**own, "variant_of": looks[0], "tool": look},
                _TASK_TYPES.get(look, "magic_edit") if number else first,
                f"{word(8, self.project.id, name, look)}.jpg",
                look if number else "original",
                (hour, None),
                growth,
            )
            for number, look in enumerate(looks)
        ]
        return self.generation(
            "image", name, takes, primary, based_on=_id(based_on), starred=starred, name=title
        )

    def generation(self, kind: str, key: str, takes: list[Take], primary: int, **columns: Any) -> Generation:
        """Add a generation with a variant a take; it is as the one at `primary` is."""
        identifier, made_at, tasks = self.generation_id(key), moment(self.minutes), len(self.chunk.tasks)
        variants = [self._variant(identifier, take, number) for number, take in enumerate(takes)]
        chosen = variants[primary]
        chosen.is_primary, chosen.name = True, columns.get("name")
        made = Generation(
            identifier, self.project.id, kind, chosen.location, chosen.thumbnail_url, chosen.params_key,
            made_at, chosen.id, tasks=[task.id for task in self.chunk.tasks[tasks:]], **columns,
        )  # fmt: skip
        self.chunk.generations.append(made)
        self.chunk.variants.extend(variants)
        return made

    def generation_id(self, key: str) -> str:
        """Return the id that the generation of this key has or will have."""
        return identity("generation", self.project.id, key)

    def task(
        self, task_type: str, key: str, params: dict[str, Any] | int, status: str, **columns: Any
    ) -> Task:
        """Add a task that is billed when it was started, and paid back when it failed."""
        identifier = identity("task", self.project.id, key)
        params_key = params if isinstance(params, int) else self.chunk.add_params(params)
        made = Task(identifier, task_type, self.project.id, params_key, status, self.tick(), **columns)
        if status in {"Complete", "In Progress", "Failed"}:
            made.generation_started_at, made.worker_id = self.tick(0.5), self.worker
            made.attempts = 3 if status == "Failed" else 1
            self.bill(-PRICE.get(task_type, _EDIT_PRICE), "spend", made)
        if status == "Failed":
            self.bill(PRICE.get(task_type, _EDIT_PRICE), "refund", made)
        if status == "Complete":
            made.generation_processed_at = self.tick(3)
        self.chunk.tasks.append(made)
        return made

    def bill(self, amount: float, kind: str, task: Task | None = None, **metadata: Any) -> None:
        """Add an entry to the user's ledger, in credits."""
        about = task.id if task else f"{self.project.id} {len(self.chunk.entries)}"
        key = identity("entry", kind, about)
        self.chunk.entries.append(
            Entry(key, self.project.user_id, _id(task), amount, kind, moment(self.minutes), metadata)
        )

    def tick(self, minutes: float = 1) -> str:
        """Let time pass; return when it is now."""
        self.minutes += minutes
        return moment(self.minutes)

    def _variant(self, generation_id: str, take: Take, number: int) -> Variant:
        key = identity("variant", generation_id, number)
        params_key = self.chunk.add_params(take.params)
        path, thumbnail = self._paths(take, key, params_key)
        hour, until = take.hours
        self.pictures.append(
            Picture(self.project.user_id, path, thumbnail, self.scene, hour, take.growth, take.look, until)
        )
        now = moment(self.minutes)
        seen = now if number in {0, 1} else None  # the last ones are new to their user
        return Variant(
            key, generation_id, self.project.id, self._file(path), self._file(thumbnail), params_key,
            is_primary=False, variant_type=take.variant_type, created_at=now, viewed_at=seen,
            starred=number == 1,
        )  # fmt: skip

    def _paths(self, take: Take, variant_id: str, params_key: int) -> tuple[str, str]:
        owner = self.project.user_id
        now = milliseconds(self.tick())
        thumbnail = f"thumb_{now}_{word(6, variant_id)}.jpg"
        if take.task_type is None:
            return upload_path(owner, f"{now}-{take.file_name}"), thumbnail_path(owner, thumbnail)
        task_id = identity("task", self.project.id, variant_id)
        path = task_output_path(owner, task_id, take.file_name)
        self.task(take.task_type, variant_id, params_key, "Complete", output_location=location(BUCKET, path))
        return path, task_thumbnail_path(owner, task_id, thumbnail)

    def _file(self, path: str) -> str:
        key = identity("file", path)
        self.chunk.files.append(File(key, BUCKET, path, self.project.user_id, moment(self.minutes)))
        return location(BUCKET, path)


def _id(row: Generation | Task | None) -> str | None:
    return row.id if row else None
