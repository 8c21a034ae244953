"""The proof from one end to the other; of the audited database only its schema is read."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shotkit.engine.scratch import scratch
from shotkit.errors import ConfigurationError
from shotkit.prove.crowd import crowd, rounds
from shotkit.prove.proof import Proof
from shotkit.prove.standing import stand_up
from shotkit.prove.tried import try_all
from shotkit.prove.writes import WRITES

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["prove", "steps"]

MOST_WRITERS = 64


def prove(
    database: "Database",
    *,
    writers: int = 8,
    writes: int = 2_000,
    seed: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> Proof:
    """Write to a copy of the database's schema, one by one and with many `writers`; say what drifts.

    The copy stands in a scratch server that is removed at the end. `seed` chooses the writes, about `writes`
    of them; how they interleave it does not. `advance` is called `steps` times.
    """
    if not 1 < writers <= MOST_WRITERS or writes < 1:
        raise ConfigurationError(
            f"A proof takes 2 to {MOST_WRITERS} writers and 1 write or more, found {writers} and {writes}."
        )
    schema, about = database.schema(), database.name
    with scratch("proof") as server:
        left_out = stand_up(database, schema, server)
        tried = try_all(server.open(guest=True), advance)
        together = crowd(server, writers, rounds(writers, writes), seed, advance)
    return Proof(about, tried, together, left_out)


def steps(writers: int, writes: int) -> int:
    """Return how often a proof calls `advance`."""
    return len(WRITES) + rounds(writers, writes)
