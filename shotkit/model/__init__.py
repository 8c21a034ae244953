"""The rules that need no database: frames and moves, rows and their types, media addresses, prompts."""

from shotkit.model.frames import (
    average_spacing,
    duplicate_frame,
    frame_for_index,
    free_shift,
    next_frame,
    normalize,
    quantize_count,
    quantize_gap,
    unique_frame,
)
from shotkit.model.media import is_video, url_identity
from shotkit.model.moves import midpoint_moves
from shotkit.model.prompts import PairPrompt, pair_prompts
from shotkit.model.rows import (
    GeneratedImageWithMetadata,
    GenerationMetadata,
    GenerationRow,
    TimelineGenerationRow,
    is_timeline_generation,
)
from shotkit.model.shot_data import cell_frames, expand_shot_data

__all__ = [
    "GeneratedImageWithMetadata",
    "GenerationMetadata",
    "GenerationRow",
    "PairPrompt",
    "TimelineGenerationRow",
    "average_spacing",
    "cell_frames",
    "duplicate_frame",
    "expand_shot_data",
    "frame_for_index",
    "free_shift",
    "is_timeline_generation",
    "is_video",
    "midpoint_moves",
    "next_frame",
    "normalize",
    "pair_prompts",
    "quantize_count",
    "quantize_gap",
    "unique_frame",
    "url_identity",
]
