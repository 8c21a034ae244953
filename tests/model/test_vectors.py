"""The worked numbers: every pure function against vectors.json."""

import json
from pathlib import Path

import pytest

from shotkit import model, storage

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['call']}{json.dumps(v['args'])}")
def test_a_worked_number_comes_out(vector):
    function = getattr(model, vector["call"], None) or getattr(storage, vector["call"])
    assert function(*vector["args"], **vector["kwargs"]) == vector["result"]


def test_every_named_function_has_worked_numbers():
    assert {vector["call"] for vector in VECTORS} == {
        "average_spacing",
        "duplicate_frame",
        "expand_shot_data",
        "file_extension",
        "frame_for_index",
        "is_video",
        "midpoint_moves",
        "next_frame",
        "normalize",
        "pair_prompts",
        "quantize_count",
        "quantize_gap",
        "task_output_path",
        "task_thumbnail_path",
        "thumbnail_path",
        "unique_frame",
        "upload_path",
        "url_identity",
    }
