"""Projects in bulk, a chunk each, for the medium and the large demo: many rows on the files of the small one.

A project is the same in every size that has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count
from random import Random
from typing import Any

from shotkit.demo.names import identity, moment
from shotkit.demo.rows import Chunk, Entry, Generation, Link, Project, Shot, Task, User, Variant
from shotkit.demo.sample import samples
from shotkit.demo.story import ADA, BEN, Story
from shotkit.demo.studio import PRICE

__all__ = ["PER_PROJECT", "projects"]

PER_PROJECT = 260  # generations; divides what medium and large have beyond small
_SHOT_IMAGES = (5, 200)
_GAPS = (41, 45, 53, 57, 61, 73, 77, 81)  # 4N+1 and at most the largest gap
_PLACES = ("Fjord", "Meadow", "Harbour", "Dune", "Orchard", "Glacier", "Marsh", "Canyon", "Terrace", "Lagoon")
_TIMES = ("at dawn", "in the morning", "at noon", "in the afternoon", "at dusk", "by night")
_PROMPTS = (
    "slow timelapse, flowers open",
    "the camera pans to the left",
    "wind moves the grass",
    "zoom in",
    "",
)
_TYPES = ("upscale", "repositioned", "magic_edit")
_STATES = ("Failed", "Cancelled", "Queued", "In Progress")

Media = tuple[str, str]  # location, thumbnail


def projects(story: Story, wanted: int) -> Iterator[Chunk]:
    """Plan the first `wanted` bulk projects; every fourth is Ben's. All show files of their owner's."""
    media = {user.id: _media(story, user) for user in (ADA, BEN)}
    for number in range(wanted):
        user = ADA if number % 4 else BEN
        yield _Bulk(number, user, media[user.id]).plan()


def _media(story: Story, user: User) -> dict[str, list[Media]]:
    own = {project.id for project in story.chunk.projects if project.user_id == user.id}
    found: dict[str, list[Media]] = {"image": [], "video": []}
    for generation in story.chunk.generations:
        if generation.project_id in own:
            found[generation.type].append((generation.location, generation.thumbnail_url))
    return found


@dataclass
class _Bulk:
    """One project under construction."""

    number: int
    user: User
    media: dict[str, list[Media]]
    chunk: Chunk = field(default_factory=Chunk)

    def plan(self) -> Chunk:
        # Of all its methods, random() alone promises the same numbers in every Python.
        self.random = Random(f"bulk {self.number}").random  # noqa: S311  data, no secret
        self.minutes = 10_000.0 + 1_500 * self.number
        name = f"{self._any(_PLACES)} {self._any(_TIMES)} {self.number + 1}"
        self.project = Project(identity("bulk", self.number), name, self.user.id, "16:9", self._tick())
        self.chunk.projects.append(self.project)
        while (left := PER_PROJECT - len(self.chunk.generations)) > _SHOT_IMAGES[0] + 2:
            self._shoot(left)
        for _ in range(left):
            self._image()
        self._bill()
        return self.chunk

    def _shoot(self, left: int) -> None:
        fewest, most = _SHOT_IMAGES
        wanted = min(left - 1, fewest + int((most - fewest + 1) * self.random() ** 2.5))
        position = len(self.chunk.shots) + 1
        key = identity("bulk", self.number, "shot", position)
        shot = Shot(key, f"{self._any(_PLACES)} {position}", self.project.id, position, "16:9", self._tick())
        self.chunk.shots.append(shot)
        earlier = self.chunk.generations[-1] if self.chunk.generations else None
        images = [self._image() for _ in range(wanted)]
        links = self._lay_out(shot, images)
        if earlier and not earlier.is_child and earlier.type == "image":
            self._link(shot, earlier, None)  # a generation of two shots
        travel = self._film(None, None, None)
        self._link(shot, travel, None)
        segments = min(left - wanted - 1, int((len(links) - 1) * self.random() * 0.6))
        for order in range(segments):
            self._film(travel, order, links[order])

    def _lay_out(self, shot: Shot, images: list[Generation]) -> list[Link]:
        """Put the images on the timeline, some off it, some twice; return the links on it."""
        frames = accumulate((self._any(_GAPS) for _ in count()), initial=0)
        placed = []
        for number, image in enumerate(images):
            if number and self._luck(0.08):
                self._link(shot, image, None)
                continue
            placed.append(self._link(shot, image, next(frames)))
            if self._luck(0.03):
                self._link(shot, image, next(frames) if self._luck(0.5) else None)
        return placed

    def _link(self, shot: Shot, generation: Generation, frame: int | None) -> Link:
        metadata: dict[str, Any] = {"created_by_mode": "timeline" if frame is not None else "batch"}
        if frame is not None:
            metadata |= {"user_positioned": self._luck(0.5), "frame_spacing": 81}
            metadata |= {"pair_prompt": prompt} if (prompt := self._any(_PROMPTS)) else {}
        key = identity("bulk", self.number, "link", len(self.chunk.links))
        return self.chunk.add_link(
            Link(key, shot.id, generation.id, frame, metadata, self._tick()), generation
        )

    def _image(self) -> Generation:
        seed = int(self.random() * 1_000_000)
        own = {"prompt": f"{self.project.name}, {self._any(_PROMPTS)}", "seed": seed}
        nested = {"orchestrator_details": {"seed_base": seed}}
        params = self.chunk.add_params(own, template=self._sample(), nested=nested, wrapped=True)
        edits = self.chunk.generations and self._luck(0.06)
        based_on = self.chunk.generations[-1].id if edits else None
        return self._generation("image", params, based_on=based_on, starred=self._luck(0.05))

    def _film(self, travel: Generation | None, order: int | None, start: Link | None) -> Generation:
        seed = int(self.random() * 1_000_000)
        own: dict[str, Any] = {
            "seed_to_use": seed,
            "base_prompt": self._any(_PROMPTS),
            "project_id": self.project.id,
        }
        inner: dict[str, Any] = {"seed_base": seed}
        columns: dict[str, Any] = {}
        if travel and start:
            ours = {"pair_shot_generation_id": start.id, "parent_generation_id": travel.id}
            own |= ours | {"segment_index": order}
            inner |= {"shot_id": start.shot_id, "parent_generation_id": travel.id}
            columns = ours | {"child_order": order, "is_child": True}
        nested = {"orchestrator_details": inner, "individual_segment_params": {"seed_to_use": seed}}
        params = self.chunk.add_params(own, template=self._sample(), nested=nested)
        made = self._generation("video", params, **columns)
        made.tasks = [self._task(made, params).id]
        return made

    def _generation(self, kind: str, params: int, **columns: Any) -> Generation:
        place = len(self.chunk.generations)
        key = identity("bulk", self.number, "generation", place)
        media = [self._any(self.media[kind]) for _ in range(self._several())]
        ids = [identity("bulk", self.number, "variant", place, number) for number in range(len(media))]
        primary = int(self.random() * len(media))
        location, thumbnail = media[primary]
        made = Generation(
            key, self.project.id, kind, location, thumbnail, params, self._tick(), ids[primary], **columns
        )
        self.chunk.generations.append(made)
        for number, (identifier, (address, small)) in enumerate(zip(ids, media, strict=True)):
            kept = params if number == primary else self.chunk.add_params({"tool": "edit", "scale": 2})
            kind_of_variant = _TYPES[number - 1] if number else "original"
            seen = made.created_at if self._luck(0.7) else None
            self.chunk.variants.append(
                Variant(identifier, key, self.project.id, address, small, kept, number == primary,
                        kind_of_variant, made.created_at, viewed_at=seen)
            )  # fmt: skip
        return made

    def _task(self, made: Generation, params: int) -> Task:
        key = identity("bulk", self.number, "task", len(self.chunk.tasks))
        task = Task(
            key, "individual_travel_segment", self.project.id, params, "Complete", made.created_at,
            made.location, generation_started_at=made.created_at, generation_processed_at=self._tick(),
            worker_id=f"worker-{self.number % 7}", attempts=1,
        )  # fmt: skip
        self.chunk.tasks.append(task)
        if self._luck(0.08):  # a try that came to nothing, or is still to come
            self._retry(task)
        return task

    def _retry(self, task: Task) -> None:
        state = self._any(_STATES)
        key = identity("bulk", self.number, "task", len(self.chunk.tasks))
        error = "The worker was lost." if state == "Failed" else None
        retry = Task(key, task.task_type, self.project.id, task.params_key, state, self._tick())
        retry.dependant_on, retry.error_message = [task.id], error
        self.chunk.tasks.append(retry)

    def _bill(self) -> None:
        """Every finished task once; topped up by what the project costs."""
        price = PRICE["individual_travel_segment"]
        done = [task for task in self.chunk.tasks if task.status == "Complete"]
        self._enter("stripe", float(int(len(done) * price) + 1), None)
        for task in done:
            self._enter("spend", -price, task.id)

    def _enter(self, kind: str, amount: float, task_id: str | None) -> None:
        key = identity("bulk", self.number, "entry", len(self.chunk.entries))
        self.chunk.entries.append(Entry(key, self.user.id, task_id, amount, kind, self._tick()))

    def _several(self) -> int:
        luck = self.random()
        return 1 + sum(luck < share for share in (0.08, 0.03, 0.01))

    def _luck(self, share: float) -> bool:
        return self.random() < share

    def _sample(self) -> int:
        return int(self.random() * len(samples()))

    def _any(self, choices: Any) -> Any:
        return choices[int(self.random() * len(choices))]

    def _tick(self) -> str:
        self.minutes += 1
        return moment(self.minutes)
