"""Column lists that several statements repeat are the same, wherever a row is read or returned."""

import re

import pytest

from shotkit import sql

COLUMNS = re.compile(r"(?ms)^select\n(.*?)^from ")
RETURNED = re.compile(r"(?ms)^returning\n(.*)")


def columns(path: str, found: re.Pattern[str] = COLUMNS) -> list[str]:
    """The columns of the statement's last and outermost list, as written."""
    *_, text = found.findall(sql.text(path) + "\n")
    return [column.strip() for column in text.split(",\n")]


def test_links_are_read_alike_locked_or_not():
    assert columns("mutate/links") == columns("mutate/lock_links")
    assert columns("mutate/links")[:-2] == columns("mutate/lock_places")


@pytest.mark.parametrize("path", ["mutate/write_frames", "mutate/add_link", "mutate/set_prompts"])
def test_a_write_returns_the_links_as_phase_two_reads_them(path):
    read = columns("load/phase_two")
    assert columns(path, RETURNED)[: len(read)] == read


def test_a_removal_returns_the_links_as_phase_two_reads_them():
    read = columns("load/phase_two")
    assert columns("mutate/remove_link")[: len(read)] == read


def test_what_is_shown_of_a_generation_is_the_same_in_every_list():
    shown = columns("load/shown_generations")
    assert columns("load/phase_one")[:-1] == shown
    gallery = columns("load/gallery")
    assert gallery[1] == "g.project_id::text as project_id"
    assert [gallery[0], *gallery[2 : len(shown) + 1]] == shown
    in_bulk = [column.replace("::uuid as ", "::text as ") for column in columns("load/all_generations")]
    assert in_bulk[: len(shown) + 1] == gallery[: len(shown) + 1]
    assert columns("load/lineage")[3:] == shown


def test_generations_are_read_alike_locked_or_not():
    plain, locked = sql.text("mutate/generations"), sql.text("mutate/lock_generations")
    body = plain[plain.index("select") :].rstrip()
    assert body == locked[locked.index("select") :].rstrip().removesuffix("\nfor no key update")
