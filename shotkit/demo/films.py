"""The films of a shot: a segment between each two images, below the film of them all; params as sampled."""

from dataclasses import dataclass
from typing import Any

from shotkit.demo.names import moment
from shotkit.demo.rows import Generation, Link, Shot
from shotkit.demo.sample import Sample
from shotkit.demo.studio import Studio, Take

__all__ = ["HOST", "Segment", "add_segments", "add_travel"]

HOST = "https://media.example.org"
_LOOKS = ("original", "edit", "repositioned", "magic_edit")


@dataclass(frozen=True)
class Segment:
    """The film from one image of a shot to the next: its place, what it shows, how often it was tried."""

    sample: Sample
    prompt: str
    start: Link
    end: Generation
    begin: Generation
    hours: tuple[float, float]
    frames: int
    takes: int
    primary: int = 0


def add_travel(studio: Studio, shot: Shot, hours: tuple[float, float], takes: int = 1) -> Generation:
    """Add the film of a whole shot, the parent of its segments: in the shot, off the timeline."""
    made = [
        Take(
            _LOOKS[number],
            {"prompt": "", "tool_type": "travel-between-images", "shot_id": shot.id, "seed": 7 + number},
            "travel_stitch",
            f"travel_{number}.webm",
            "original" if not number else "travel_stitch",
            hours,
            hours[0],
        )
        for number in range(takes)
    ]
    travel = studio.generation("video", f"travel {shot.id}", made, takes - 1, name=f"{shot.name}, the film")
    studio.link(shot, travel, None, {"created_by_mode": "timeline"})
    return travel


def add_segments(studio: Studio, shot: Shot, travel: Generation, segments: list[Segment]) -> list[Generation]:
    """Add the film's segments: its children, in order, each bound to the link that it starts from."""
    reel = _Reel(studio, shot, travel, [segment.frames for segment in segments])
    return [reel.add(number, segment) for number, segment in enumerate(segments)]


@dataclass(frozen=True)
class _Reel:
    """The segments of one shot on their way into its film; `frames` are the lengths of all of them."""

    studio: Studio
    shot: Shot
    travel: Generation
    frames: list[int]

    def add(self, number: int, segment: Segment) -> Generation:
        key = f"segment {self.shot.id} {number}"
        return self.studio.generation(
            "video",
            key,
            [self._take(number, segment, take, key) for take in range(segment.takes)],
            segment.primary,
            parent_generation_id=self.travel.id,
            child_order=number,
            is_child=True,
            pair_shot_generation_id=segment.start.id,
        )

    def _take(self, number: int, segment: Segment, take: int, key: str) -> Take:
        seed = (int(segment.start.id[:6], 16) + 7919 * take) % 1_000_000
        params = self._params(number, segment)
        _note_take(params, seed, self.studio.generation_id(key) if take else None)
        began = moment(self.studio.minutes + take)
        words = segment.prompt.replace("/", " ")[:100]
        return Take(
            _LOOKS[take],
            params,
            "individual_travel_segment",
            f"{began[:10]}-{began[11:13]}h{began[14:16]}m{began[17:19]}s_seed{seed}_{words}.webm",
            "individual_segment" if take else "original",
            segment.hours,
            segment.hours[0],
        )

    def _params(self, number: int, segment: Segment) -> dict[str, Any]:
        """Return the sample's params, made those of this segment."""
        params = segment.sample.params
        ours = _of_segment(segment)
        params |= ours | {
            "project_id": self.studio.project.id,
            "segment_index": number,
            "parent_generation_id": self.travel.id,
            "is_first_segment": number == 0,
            "is_last_segment": number == len(self.frames) - 1,
            "thumbnail_url": HOST + segment.begin.thumbnail_url,
        }
        start, end = ours["input_image_paths_resolved"]
        params["individual_segment_params"] |= ours | {"start_image_url": start, "end_image_url": end}
        params["orchestrator_details"] |= self._orchestration(segment)
        return params

    def _orchestration(self, segment: Segment) -> dict[str, Any]:
        return {
            "shot_id": self.shot.id,
            "parent_generation_id": self.travel.id,
            "segment_frames_expanded": self.frames,
            "frame_overlap_expanded": [10] * len(self.frames),
            "num_new_segments_to_generate": len(self.frames),
            "input_image_paths_resolved": _of_segment(segment)["input_image_paths_resolved"],
            "input_image_generation_ids": [segment.begin.id, segment.end.id],
            "pair_shot_generation_ids": [segment.start.id],
        }


def _of_segment(segment: Segment) -> dict[str, Any]:
    return {
        "base_prompt": segment.prompt,
        "num_frames": segment.frames,
        "pair_shot_generation_id": segment.start.id,
        "start_image_generation_id": segment.begin.id,
        "end_image_generation_id": segment.end.id,
        "input_image_paths_resolved": [HOST + segment.begin.location, HOST + segment.end.location],
    }


def _note_take(params: dict[str, Any], seed: int, child_id: str | None) -> None:
    """Note which take it is: the first makes the generation, a later one names it, to become its variant."""
    params["seed_to_use"] = params["individual_segment_params"]["seed_to_use"] = seed
    params["orchestrator_details"]["seed_base"] = seed
    params["make_primary_variant"] = child_id is None
    params.pop("child_generation_id", None)
    if child_id:
        params["child_generation_id"] = child_id
