"""What a killed process left 'unknown' is found out by what it wrote, and nothing is assumed."""

import signal
import subprocess
import sys

import pytest

from shotkit.engine import Database
from shotkit.errors import InvalidChangeError
from shotkit.journal import Entry, settle_unknown
from shotkit.mutate import Add, AddVariant, Move, Remove, SetPrompts, apply_to_variants, create_shot
from tests.mutate.conftest import databases, stage

__all__ = ["databases", "stage"]

# As the handles do it: noted, sent, and then killed before the answer is noted.
KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import uuid4
from shotkit.engine import Database
from shotkit.journal import Entry, Journal
from shotkit.mutate import Move, apply

address, path, shot, link, when = sys.argv[1:]
database, journal, op_id = Database(address), Journal(Path(path)), str(uuid4())
journal.begin(Entry(op_id, "shot", database.name, "", "shot.move()", shot_id=shot))
print(op_id, flush=True)
if when == "before":
    os.kill(os.getpid(), signal.SIGKILL)
apply(database, shot, Move(link, 30), op_id=op_id)
os.kill(os.getpid(), signal.SIGKILL)
"""


def noted(stage, journal, kind, send, **columns) -> str:
    """Send a change whose answer is not noted."""
    change = send()
    journal.begin(Entry(change.op_id, kind, stage.database.name, "", change.code, **columns))
    return change.op_id


@pytest.mark.parametrize(("when", "status"), [("before", "unknown"), ("after", "stored")])
def test_a_killed_process_leaves_unknown_what_is_then_found_out(
    stage, database, journal, path, *, when, status
):
    [link] = stage.links(0)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database, path, stage.shot_id, link, when],
        stdout=subprocess.PIPE,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    op_id = killed.stdout.decode().strip()
    assert [one.op_id for one in journal.unsettled(database=stage.database.name)] == [op_id]
    left = settle_unknown(stage.database, journal)
    assert [one.op_id for one in left] == ([op_id] if status == "unknown" else [])
    assert journal.find(op_id).status == status
    assert stage.frames()[link] == (0 if status == "unknown" else 30)


def test_what_adds_a_row_or_moves_a_link_is_found(stage, journal):
    [link] = stage.links(0)
    generation = stage.generation()
    here = {"shot_id": stage.shot_id}
    ids = [
        noted(stage, journal, "shot", lambda: stage.change(Move(link, 30)), **here),
        noted(stage, journal, "shot", lambda: stage.change(Add(generation, positioned=False)), **here),
        noted(stage, journal, "new shot", lambda: create_shot(stage.database, stage.project, "Dusk")),
        noted(
            stage,
            journal,
            "variants",
            lambda: apply_to_variants(stage.database, generation, AddVariant("/b.png")),
            generation_id=generation,
        ),
    ]
    assert settle_unknown(stage.database, journal) == []
    assert [journal.find(op_id).status for op_id in ids] == ["stored"] * 4
    with pytest.raises(InvalidChangeError, match="what stood there before it is not known"):
        journal.undo(ids[0])


def test_what_leaves_no_trace_or_was_overwritten_stays_unknown_with_the_reason(stage, journal):
    a, b = stage.links(0, 10)
    here = {"shot_id": stage.shot_id}
    ids = [
        noted(stage, journal, "shot", lambda: stage.change(SetPrompts(a, "dusk")), **here),
        noted(stage, journal, "shot", lambda: stage.change(Remove(b)), **here),
        noted(stage, journal, "shot", lambda: stage.change(Move(a, 30)), **here),
    ]
    stage.change(Move(a, 40))
    left = settle_unknown(stage.database, journal)
    assert [one.op_id for one in left] == ids
    assert {one.status for one in left} == {"unknown"}
    assert all("no row carries its op_id" in one.reason for one in left)


def test_what_is_heard_later_counts_more_than_what_was_found_out(stage, journal):
    [link] = stage.links(0)
    change = stage.change(Move(link, 30))
    journal.begin(Entry(change.op_id, "shot", stage.database.name, "", change.code, shot_id=stage.shot_id))
    settle_unknown(stage.database, journal)
    journal.settle(change.op_id, change)
    assert journal.undo(change.op_id) == change.undo
    journal.found(change.op_id)
    journal.still_unknown(change.op_id, "x")
    assert journal.undo(change.op_id) == change.undo


def test_changes_of_another_database_or_user_are_left_alone(stage, journal):
    [link] = stage.links(0)
    op_id = noted(stage, journal, "shot", lambda: stage.change(Move(link, 30)), shot_id=stage.shot_id)
    journal.begin(Entry(op_id[:-4] + "0000", "shot", "elsewhere", "", "shot.move()"))
    assert settle_unknown(stage.database, journal, identity="someone") == []
    assert journal.find(op_id).status == "unknown"
    assert settle_unknown(stage.database, journal, identity="") == []
    assert journal.find(op_id[:-4] + "0000").status == "unknown"


def test_where_nothing_is_unknown_nothing_is_asked(journal):
    assert settle_unknown(Database("host=/nowhere"), journal) == []
