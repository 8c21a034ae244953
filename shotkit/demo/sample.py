"""The params of real tasks as templates: a sample of one timeline's segments, made anonymous."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["SEGMENT_FRAMES", "Sample", "samples"]

# The frames of the segments of the sampled timeline, in order.
SEGMENT_FRAMES = (81, 57, 81, 49, 61, 81, 53, 57, 73, 81, 81, 81)


@dataclass(frozen=True)
class Sample:
    """One task: the place of its segment in the timeline, its prompt and its params, about 7 KB as JSON."""

    segment: int
    prompt: str
    text: str

    @property
    def params(self) -> dict[str, Any]:
        """The params, fresh at every call."""
        params: dict[str, Any] = json.loads(self.text)
        return params


@cache
def samples() -> tuple[Sample, ...]:
    """Return the tasks of the sample, by segment; a segment may have several takes."""
    text = files("shotkit.demo").joinpath("sample.jsonl").read_text("utf-8")
    tasks = [json.loads(line)["params"] for line in text.splitlines()]
    return tuple(
        Sample(params["segment_index"], params["base_prompt"], json.dumps(params, ensure_ascii=False))
        for params in tasks
    )
