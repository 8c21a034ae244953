"""The small demo, 60 generations: a valley from dawn to night, reeds, sketches, another user's garden."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from shotkit.demo.films import Segment, add_segments, add_travel
from shotkit.demo.landscape import Scene
from shotkit.demo.names import identity, moment
from shotkit.demo.rows import Chunk, Generation, Project, User
from shotkit.demo.sample import SEGMENT_FRAMES, Sample, samples
from shotkit.demo.studio import Picture, Studio

__all__ = ["ADA", "BEN", "MAIN_SHOT", "Story", "tell"]

MAIN_SHOT = "Valley, dawn to night"
ADA = User(identity("user", "ada"), "Ada Brook", "ada@example.org", "ada")
BEN = User(identity("user", "ben"), "Ben Holt", "ben@example.org", "ben")
_VALLEY = Scene("valley", (104, 146, 84), (255, 205, 40), 0.30)
_REEDS = Scene("reeds", (150, 140, 84), (176, 120, 236), 0.64)
_SKETCHES = Scene("sketches", (128, 112, 140), (250, 130, 170), 0.46)
_GARDEN = Scene("garden", (84, 128, 110), (255, 110, 96), 0.42)
# The looks of the valley's images in order, and which of them is primary.
_LOOKS = (
    (("original",), 0),
    (("original", "upscale"), 1),
    (("original", "repositioned"), 0),
    (("original",), 0),
    (("original", "magic_edit", "edit"), 1),
    (("original",), 0),
    (("original", "repositioned", "edit", "upscale"), 3),
    (("original",), 0),
    (("original", "edit"), 1),
    (("original", "repositioned"), 1),
    (("original",), 0),
    (("original", "magic_edit"), 0),
    (("original", "upscale"), 0),
)
_TAKES = (4, 1, 2, 4, 3, 3, 3, 2, 2, 2, 4, 2)  # as often as the sampled author tried each segment, 4 at most
_REED_PROMPTS = (
    "reeds sway, a heron lifts off",
    "fog drifts over the bend",
    "",
    "dragonflies hover above the water",
    "the light turns golden, reeds rustle",
    "",
)


@dataclass(frozen=True)
class Story:
    """The small demo: its rows, and what to paint for them."""

    chunk: Chunk
    pictures: list[Picture]


def tell() -> Story:
    """Plan the small demo; every call plans the same."""
    story = Story(Chunk(users=[ADA, BEN]), [])
    _film_the_valley(_studio(story, ADA, "Valley films", "16:9", _VALLEY, 0))
    _sketch(_studio(story, ADA, "Sketches", "16:9", _SKETCHES, 3000))
    _studio(story, ADA, "Nothing yet", "1:1", _SKETCHES, 3500)
    _tend_the_garden(_studio(story, BEN, "Private garden", "16:9", _GARDEN, 4000))
    return story


def _studio(  # noqa: PLR0913, PLR0917  a project of the story is one line
    story: Story, user: User, name: str, aspect: str, scene: Scene, minutes: float
) -> Studio:
    project = Project(identity("project", user.id, name), name, user.id, aspect, moment(minutes))
    return Studio(story.chunk, story.pictures, project, scene, minutes)


def _film_the_valley(studio: Studio) -> None:
    studio.bill(5, "manual", note="welcome")
    studio.bill(25, "stripe", checkout="demo-checkout-1")
    images = _shoot_the_valley(studio)
    _edit(studio, images)
    _shoot_the_reeds(studio, images)
    studio.shot("Storyboard, still empty", 3)
    _queue(studio, images)
    studio.bill(10, "auto_topup", threshold=20)


def _shoot_the_valley(studio: Studio) -> list[Generation]:
    shot = studio.shot(MAIN_SHOT, 1)
    images = [_valley_image(studio, number) for number in range(len(_LOOKS))]
    first = {sample.segment: sample for sample in reversed(samples())}
    frames = [sum(SEGMENT_FRAMES[:number]) for number in range(len(images))]
    links = [
        studio.link(shot, image, frame, _pair(first.get(number), number))
        for number, (image, frame) in enumerate(zip(images, frames, strict=True))
    ]
    studio.link(shot, images[4], None, {"created_by_mode": "batch"})  # once more, off the timeline
    travel = add_travel(studio, shot, (0.0, 1.0), takes=2)
    add_segments(studio, shot, travel, [
        Segment(first[number], first[number].prompt, links[number], images[number + 1], images[number],
                (number / 12, (number + 1) / 12), count, _TAKES[number], primary=_TAKES[number] // 2)
        for number, count in enumerate(SEGMENT_FRAMES)
    ])  # fmt: skip
    for number in (2, 6, 10):
        edit = studio.image(
            f"edit {number}", number / 12, number / 12, ("magic_edit",), prompt="add a balloon and a boat",
            params=_made_of(samples()[number]), based_on=images[number],
        )  # fmt: skip
        studio.link(shot, edit, None, None if number == 10 else {})  # noqa: PLR2004  metadata may be absent
    return images


def _valley_image(studio: Studio, number: int) -> Generation:
    looks, primary = _LOOKS[number]
    along = number / (len(_LOOKS) - 1)
    return studio.image(
        f"valley {number}", along, along, looks, primary=primary, starred=number in {0, 6, 12},
        prompt="a wide valley with still water, one flower at its edge",
        title="First light" if number == 0 else None,
    )  # fmt: skip


def _pair(sample: Sample | None, number: int) -> dict[str, Any]:
    placed = {"created_by_mode": "timeline", "is_keyframe": True, "user_positioned": True,
              "drag_source": "timeline", "drag_session_id": identity("drag", number)}  # fmt: skip
    if sample is None:
        return placed
    count = SEGMENT_FRAMES[number]
    placed |= {
        "pair_prompt": sample.prompt,
        "pair_negative_prompt": "",
        "frame_spacing": count,
        "context_frames": 10,
    }
    if number in {5, 8}:  # written by a newer version, which keeps a pair's settings apart
        placed["segmentOverrides"] = {
            "prompt": sample.prompt,
            "negativePrompt": "blur, text",
            "numFrames": count,
        }
    if number in {0, 4}:
        placed["enhanced_prompt"] = f"{sample.prompt} Soft light, calm water."
    return placed


def _edit(studio: Studio, images: list[Generation]) -> None:
    """Add edits in no shot, each of the one before, and one more of the same origin."""
    origin = images[3]
    for number, look in enumerate(("edit", "magic_edit", "repositioned")):
        origin = studio.image(
            f"remix {number}", 0.3 + 0.05 * number, 0.4, (look,), prompt=f"warmer, take {number + 1}",
            params=_made_of(samples()[number]), based_on=origin, starred=number == 1,
        )  # fmt: skip
    studio.image("remix of the origin", 0.28, 0.9, prompt="in full bloom", based_on=images[3])


def _shoot_the_reeds(studio: Studio, valley: list[Generation]) -> None:
    shot = studio.shot("Reeds at the bend", 2)
    studio.scene = _REEDS
    make = partial(studio.image, prompt="reeds at the bend of a stream")
    reeds = [
        make(
            f"reeds {number}", 0.10 + 0.18 * number, 0.10 + 0.18 * number, params=_made_of(samples()[number])
        )
        for number in range(4)
    ]
    # The first comes back at the end, and two images of the valley are in this shot too.
    order = [reeds[0], reeds[1], valley[5], reeds[2], valley[9], reeds[3], reeds[0]]
    links = [studio.link(shot, image, 61 * place, _reed_pair(place)) for place, image in enumerate(order)]
    travel = add_travel(studio, shot, (0.1, 0.7))
    add_segments(studio, shot, travel, [
        Segment(samples()[place + 3], _REED_PROMPTS[place], links[place], order[place + 1], order[place],
                (0.10 + 0.09 * place, 0.19 + 0.09 * place), 61, takes)
        for place, takes in enumerate((2, 1, 1))
    ])  # fmt: skip


def _reed_pair(place: int) -> dict[str, Any]:
    prompt = _REED_PROMPTS[place] if place < len(_REED_PROMPTS) else ""
    return {"created_by_mode": "timeline", "auto_positioned": True} | (
        {"pair_prompt": prompt} if prompt else {}
    )


def _queue(studio: Studio, images: list[Generation]) -> None:
    """Work in every other state; what is queued waits for what runs."""
    params = {**samples()[1].params, "project_id": studio.project.id}
    running = studio.task("individual_travel_segment", "running", params, "In Progress")
    failed = studio.task(
        "individual_travel_segment",
        "failed",
        params,
        "Failed",
        error_message="CUDA out of memory, three times.",
    )
    retried = studio.task("individual_travel_segment", "retried", params, "Queued")
    studio.task("travel_stitch", "stitch", {"prompt": ""}, "Queued", dependant_on=[running.id, retried.id])
    studio.task(
        "image_upscale", "cancelled", {"generation_id": images[0].id}, "Cancelled", dependant_on=[failed.id]
    )


def _sketch(studio: Studio) -> None:
    studio.bill(15, "stripe", checkout="demo-checkout-2")
    shot = studio.shot("Hill sketches", 1)
    looks: tuple[tuple[str, ...], ...] = (
        ("original",),
        ("original", "edit"),
        ("original",),
        ("original",),
        ("original",),
    )
    images = [
        studio.image(f"sketch {number}", 0.15 + 0.2 * number, 0.2 * number, look, prompt="hills, a sketch")
        for number, look in enumerate(looks)
    ]
    for place, image in enumerate(images[:4]):
        studio.link(shot, image, 81 * place, {"auto_initialized": True})
    studio.link(shot, images[4], None, {})
    add_travel(studio, shot, (0.15, 0.75))
    studio.image("loose sketch", 0.5, 0.1, prompt="hills, too dark")
    studio.image(
        "loose edit",
        0.9,
        0.5,
        ("edit",),
        prompt="hills at dusk",
        params=_made_of(samples()[9]),
        based_on=images[2],
    )


def _tend_the_garden(studio: Studio) -> None:
    studio.bill(12, "stripe", checkout="demo-checkout-3")
    shot = studio.shot("Garden, evening", 1)
    images = [
        studio.image(
            f"garden {number}",
            0.55 + 0.08 * number,
            0.55 + 0.08 * number,
            prompt="my garden",
            starred=number in {0, 2},
        )
        for number in range(6)
    ]
    links = [
        studio.link(shot, image, 73 * place, {"pair_prompt": "dusk falls"})
        for place, image in enumerate(images)
    ]
    travel = add_travel(studio, shot, (0.55, 0.95))
    add_segments(studio, shot, travel, [
        Segment(samples()[place + 6], "dusk falls", links[place], images[place + 1], images[place],
                (0.55 + 0.08 * place, 0.63 + 0.08 * place), 73, takes)
        for place, takes in enumerate((1, 2, 1, 1))
    ])  # fmt: skip


def _made_of(sample: Sample) -> dict[str, Any]:
    return {"originalParams": sample.params}
