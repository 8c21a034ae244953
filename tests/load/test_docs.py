"""docs/loading.md states every column of every frame as the code does."""

import re
from pathlib import Path

import pytest

from shotkit.model import tables

TEXT = (Path(__file__).parents[2] / "docs" / "loading.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `((?:shot|kit|gen)\.\w+\(\w*\))` \| (`\w+` .*) \|$", TEXT, re.MULTILINE))
WORDS = {
    "string": "text",
    "timestamp[us, tz=UTC]": "timestamp",
    "list<item: string>": "list",
    "decimal128(10, 3)": "decimal",
}
STATED = {
    "shot.images()": tables.IMAGES,
    "shot.links()": tables.LINKS,
    "kit.links()": tables.ALL_LINKS,
    "shot.generations()": tables.GENERATIONS,
    "shot.timeline()": tables.TIMELINE,
    "shot.drift()": tables.DRIFT,
    "shot.pair_prompts()": tables.PAIR_PROMPTS,
    "kit.projects()": tables.PROJECTS,
    "kit.shots()": tables.SHOTS,
    "kit.generations()": tables.GALLERY,
    "kit.variants(generation_id)": tables.VARIANTS,
    "gen.lineage()": tables.LINEAGE,
    "kit.tasks()": tables.TASKS,
    "kit.ledger()": tables.LEDGER,
}


def column(field) -> str:
    word = WORDS.get(str(field.type), str(field.type))
    return f"`{field.name}` {word}{'?' if field.nullable else ''}"


@pytest.mark.parametrize("call", STATED)
def test_the_page_states_the_columns(call):
    assert ROWS[call].split(", ") == [column(field) for field in STATED[call]]


def test_the_page_states_no_frame_that_there_is_not():
    assert ROWS.keys() == STATED.keys()
