"""A client that edits a shot until it is killed; takes the address, the shot and a seed.

Before each change it says how the shot stands and how it would stand, after it that it is done.
"""

import json
import os
import random
import sys
from uuid import uuid4

from shotkit.engine import Database
from shotkit.mutate import Add, Exchange, Intent, MoveTo, Remove, Reorder, Unplace, apply
from tests.trials.ground import Ground


def main(conninfo: str, shot: str, seed: str) -> None:
    rng, database, ground = random.Random(int(seed)), Database(conninfo), Ground(conninfo, shot, "")
    generation = ground.a_generation()
    while True:
        intent, op_id = an_edit(rng, ground.frames(), generation), str(uuid4())
        foreseen = apply(database, shot, intent, dry_run=True, op_id=op_id)
        say({"before": foreseen.frames_before, "after": foreseen.frames, "op_id": op_id})
        apply(database, shot, intent, op_id=op_id)
        say({"done": op_id})


def an_edit(rng: random.Random, frames: dict[str, int | None], generation: str) -> Intent:
    """Return one that writes several links, as far as the shot has them."""
    on = [id_ for id_, frame in frames.items() if frame is not None]
    if len(on) < 8:
        return Add(generation)
    if len(frames) > 20:
        return Remove(on[0])
    return rng.choice(
        [
            Reorder(tuple(reversed(on))),
            Exchange(tuple(zip(on[::2], on[1::2], strict=False))),
            MoveTo((on[-1], on[-2]), 0),
            Remove(on[0]),
            Unplace(on[0]),
            Add(generation),
        ]
    )


def say(what: dict) -> None:
    # One write, shorter than a pipe takes as a whole: a line is there or not, killed or not.
    os.write(sys.stdout.fileno(), f"{json.dumps(what)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
