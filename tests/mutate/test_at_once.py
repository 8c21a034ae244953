"""Writers at once: each edit is acknowledged or refused, and a serial replay of the former is stored."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from shotkit.errors import InvalidChangeError, StaleShotError
from shotkit.mutate import (
    Add,
    Change,
    Exchange,
    Initialize,
    Intent,
    Links,
    Move,
    MoveTo,
    Normalize,
    Place,
    Remove,
    Shift,
    Unplace,
    apply,
)
from tests.mutate.conftest import DRAGS_AGAIN, as_dict

pytestmark = DRAGS_AGAIN

WRITERS, EDITS = 4, 50

State = frozenset[tuple[str, int | None]]


def an_edit(rng: random.Random, ids: list[str], generation: str) -> Intent:
    if len(ids) < 6:
        return Add(generation)
    a, b = rng.sample(ids, 2)
    return rng.choice(
        [
            Move(a, rng.randrange(200)),
            Exchange(((a, b),)),
            MoveTo((a, b), 1),
            Shift((a, b), rng.randrange(200)),
            Unplace(a),
            Place(a, rng.randrange(200)),
            Initialize(),
            Normalize(),
            Add(generation),
            Remove(a),
        ]
    )


def states(change: Change) -> tuple[State, State]:
    return frozenset(as_dict(change.before).items()), frozenset(as_dict(change.after).items())


def serial(begun: State, ended: State, steps: list[tuple[State, State]]) -> bool:
    """Whether all steps, each once, lead from one state to the other: an Euler trail."""
    left = Counter(before for before, _ in steps) + Counter([ended])
    entered = Counter(after for _, after in steps) + Counter([begun])
    reached, ways = {begun}, [begun]
    while ways:
        here = ways.pop()
        new = {after for before, after in steps if before == here} - reached
        reached |= new
        ways += new
    return left == entered and reached >= {before for before, _ in steps}


def test_a_trail_with_a_lost_or_a_doubled_step_is_none():
    a, b, c = (frozenset({("a", frame)}) for frame in range(3))
    assert serial(a, c, [(a, b), (b, c)])
    assert serial(a, a, [(a, b), (b, a)])
    assert not serial(a, c, [(a, b), (a, c)])
    assert not serial(a, c, [(a, c), (b, b)])


def test_every_edit_is_acknowledged_or_refused_and_the_state_is_a_serial_replay(stage, databases):
    stage.many(12)
    begun, generation = frozenset(stage.frames().items()), stage.generation()

    def work(number: int) -> list[tuple[Intent, Change]]:
        rng, database, acknowledged = random.Random(number), databases(), []
        for _ in range(EDITS):
            seen = as_dict(apply(database, stage.shot_id, Normalize(), dry_run=True).before)
            edit = an_edit(rng, list(seen), generation)
            try:
                change = apply(database, stage.shot_id, edit, seen=seen, rebase=rng.random() < 0.5)
            except (StaleShotError, InvalidChangeError):
                continue
            acknowledged.append((edit, change))
        return acknowledged

    with ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(work, number) for number in range(WRITERS)]
        done = [pair for writer in writers for pair in writer.result()]

    assert len(done) > EDITS
    assert serial(begun, frozenset(stage.frames().items()), [states(change) for _, change in done])
    for edit, change in done:
        plan = edit.plan(Links.of(as_dict(change.before)))
        after = as_dict(change.before) | plan.frames
        after.pop(plan.removed, None)
        after |= {change.op_id: plan.added.frame} if plan.added else {}
        assert isinstance(edit, Initialize) or after == as_dict(change.after)
    assert stage.clean()


def test_two_writers_of_shots_that_share_generations_leave_no_drift(stage, databases):
    generations = [stage.generation() for _ in range(10)]
    shots = [stage.shot_id, stage.shot("Dusk")]
    links = [[stage.link(shot, generation, 0) for generation in generations] for shot in shots]

    def work(number: int) -> None:
        database, rng = databases(), random.Random(number)
        for _ in range(20):
            pairs = tuple(tuple(rng.sample(links[number], 2)) for _ in range(3))
            apply(database, shots[number], Exchange(pairs), rebase=True)
            apply(database, shots[number], Move(links[number][0], rng.randrange(90)))

    with ThreadPoolExecutor(2) as threads:
        for writer in [threads.submit(work, number) for number in (0, 1)]:
            writer.result()
    assert stage.clean()
