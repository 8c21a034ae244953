"""One writer, in a process of its own: it reads, thinks, edits, and notes what it was told."""

import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from shotkit.engine import Database
from shotkit.errors import (
    ConnectionLostError,
    CouldNotCompleteError,
    InvalidChangeError,
    ServerUnreachableError,
    ShotkitError,
    StaleShotError,
)
from shotkit.mutate import (
    Add,
    Exchange,
    Initialize,
    Intent,
    Move,
    MoveTo,
    Normalize,
    Place,
    Remove,
    Reorder,
    SetPrompts,
    Shift,
    Unplace,
    apply,
    attempts,
)
from tests.trials.ground import Frames, Ground

FEWEST, MOST = 6, 20  # links, between which the shot is kept


@dataclass
class Acknowledged:
    """One edit that was told to be stored."""

    op_id: str
    intent: Intent
    before: Frames
    after: Frames
    xid: str | None  # None where nothing had to be written
    seen: frozenset[tuple[str, int | None]] | None  # what it had to begin on; None: worked out anew


@dataclass
class Unknown:
    """One edit of which nobody could tell whether it was stored."""

    op_id: str
    intent: Intent
    error: str


@dataclass
class Told:
    """What a writer was told."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    unknown: list[Unknown] = field(default_factory=list)
    found_out: Counter[bool] = field(default_factory=Counter)


def write(ground: Ground, seed: int, edits: int, generation: str, longest: float = 0.004) -> Told:
    """Make `edits` random edits with random pauses; some are worked out anew where the shot has changed."""
    rng, database, told = random.Random(seed), Database(ground.conninfo), Told()
    count_found_out(told)
    try:
        for number in range(edits):
            seen = apply(database, ground.shot, Normalize(), dry_run=True).frames_before
            time.sleep(rng.uniform(0, longest))
            edit(database, ground, an_edit(rng, list(seen), generation, f"{seed}.{number}"), seen, rng, told)
    finally:
        database.close()
    return told


def write_until(ground: Ground, seed: int, generation: str, stop: Path) -> Told:
    """Edit until there is a file `stop`, or nobody who would make it, whatever happens to the server."""
    parent = os.getppid()
    rng, database, told = random.Random(seed), Database(ground.conninfo), Told()
    count_found_out(told)
    number = 0
    while not stop.exists() and os.getppid() == parent:
        number += 1
        try:
            seen = apply(database, ground.shot, Normalize(), dry_run=True).frames_before
        except CouldNotCompleteError:
            time.sleep(0.05)
            continue
        edit(database, ground, an_edit(rng, list(seen), generation, f"{seed}.{number}"), seen, rng, told)
    database.close()
    return told


def edit(  # noqa: PLR0917
    database: Database, ground: Ground, intent: Intent, seen: Frames, rng: random.Random, told: Told
) -> None:
    rebase, op_id = rng.random() < 0.5, str(uuid4())
    try:
        change = apply(database, ground.shot, intent, seen=seen, rebase=rebase, op_id=op_id)
    except (StaleShotError, InvalidChangeError, ServerUnreachableError) as refusal:
        told.refused[type(refusal).__name__] += 1
    except ConnectionLostError as error:
        told.unknown.append(Unknown(op_id, intent, str(error)))
    except ShotkitError as refusal:
        told.refused[f"{type(refusal).__name__}: {refusal}"[:120]] += 1
    else:
        meant = None if rebase else frozenset(seen.items())
        told.acknowledged.append(
            Acknowledged(change.op_id, intent, change.frames_before, change.frames, change.xid, meant)
        )


def an_edit(rng: random.Random, ids: list[str], generation: str, text: str) -> Intent:
    if len(ids) < FEWEST:
        return Add(generation)
    a, b, c = rng.sample(ids, 3)
    edits: list[Intent] = [
        Move(a, rng.randrange(300)),
        Exchange(((a, b),)),
        Exchange(((a, b), (b, c))),
        Reorder((a, b, c)),
        MoveTo((a, b), 1),
        Shift((a, b), rng.randrange(300)),
        Unplace(a),
        Place(a, rng.randrange(300)),
        Initialize(),
        Normalize(),
        SetPrompts(a, text),
        Add(generation, positioned=rng.random() < 0.5) if len(ids) < MOST else Remove(b),
        Remove(a),
    ]
    return rng.choice(edits)


def count_found_out(told: Told) -> None:
    """Count how often a lost answer was found out, and what it was; in this process."""
    find_out = attempts._found_out

    def counted(*arguments):
        kept = find_out(*arguments)
        told.found_out[kept] += 1
        return kept

    attempts._found_out = counted
