"""One row of a shot as its types: with metadata optional, on the timeline, and as the gallery shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict, TypeGuard

from shotkit.model.frames import is_position

__all__ = [
    "GeneratedImageWithMetadata",
    "GenerationMetadata",
    "GenerationRow",
    "TimelineGenerationRow",
    "is_timeline_generation",
]


class GenerationMetadata(TypedDict, total=False):
    """shot_generations.metadata, a fact of the link; keys that are not named here are kept."""

    frame_spacing: float
    context_frames: float
    is_keyframe: bool
    locked: bool
    user_positioned: bool
    auto_initialized: bool
    auto_positioned: bool
    created_by_mode: Literal["timeline", "batch"]
    drag_source: str
    drag_session_id: str
    pair_prompt: str
    pair_negative_prompt: str
    enhanced_prompt: str
    pair_phase_config: dict[str, Any]
    pair_motion_settings: dict[str, Any]
    pair_loras: list[Any]
    end_frame: float
    segmentOverrides: dict[str, Any]


class _Shown(TypedDict):
    """What is shown of a generation."""

    generation_id: str
    location: str | None
    thumbnail_url: str | None
    type: str
    name: str | None
    starred: bool
    created_at: datetime | None
    based_on: str | None
    parent_generation_id: str | None
    is_child: bool
    child_order: int | None
    primary_variant_id: str | None


class GenerationRow(_Shown):
    """One entry of a shot: `id` is the link's, `generation_id` the generation's."""

    id: str
    timeline_frame: int | None
    metadata: NotRequired[GenerationMetadata]
    updated_at: datetime


class TimelineGenerationRow(_Shown):
    """An entry on the timeline: its frame and its metadata are there."""

    id: str
    timeline_frame: int
    metadata: GenerationMetadata
    updated_at: datetime


class GeneratedImageWithMetadata(_Shown):
    """A generation as the gallery shows it: a new signed token leaves its identities as they were."""

    url_identity: str
    thumb_url_identity: str
    is_video: bool
    prompt: NotRequired[str | None]
    seed: NotRequired[int | None]


def is_timeline_generation(row: Mapping[str, Any]) -> TypeGuard[TimelineGenerationRow]:
    """Return whether the row is on the timeline: a frame >= 0 and metadata, both present."""
    return is_position(row.get("timeline_frame")) and isinstance(row.get("metadata"), Mapping | str)
