"""The trials: each makes its ground, lets writers loose, and proves what is stored."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.trials import variants
from tests.trials.ground import Ground
from tests.trials.kills import await_no_session, kill_backend, killed_client, what_is_left
from tests.trials.proof import demand, prove
from tests.trials.writers import Told, write, write_until

__all__ = ["at_once", "backends_killed", "clients_killed", "variants_at_once"]

Facts = dict[str, object]
Say = Callable[[str], None]
_SPAWN = multiprocessing.get_context("spawn")


def at_once(ground: Ground, say: Say, *, writers: int = 8, edits: int = 500, seed: int = 1) -> Facts:
    """Writers edit one shot at once."""
    begun, generation = ground.frames(), ground.a_generation()
    with ProcessPoolExecutor(writers, mp_context=_SPAWN) as pool:
        running = [pool.submit(write, ground, seed + n, edits, generation) for n in range(writers)]
        told = answers(running, say)
    say("proving")
    done = [each for one in told for each in one.acknowledged]
    facts = _summed(told) | {"edits": writers * edits}
    demand(facts["unknown"] == 0, "An outcome stayed unknown.")
    demand(len(done) + sum(facts["refused"].values()) == writers * edits, "An edit went without an answer.")
    prove(ground, begun, done)
    return facts


def backends_killed(ground: Ground, say: Say, *, writers: int = 4, kills: int = 25, seed: int = 1) -> Facts:
    """Backends are killed under writers; each kill takes all sessions of the server down."""
    begun, generation, rng = ground.frames(), ground.a_generation(), random.Random(seed)
    killed, end = 0, time.monotonic() + 60 + 4 * kills
    with TemporaryDirectory() as folder, ProcessPoolExecutor(writers, mp_context=_SPAWN) as pool:
        stop = Path(folder, "stop")
        running = [pool.submit(write_until, ground, seed + n, generation, stop) for n in range(writers)]
        while killed < kills and time.monotonic() < end:
            time.sleep(rng.uniform(0.2, 1.0))
            killed += kill_backend(ground)
            say(f"{killed} backends killed")
        time.sleep(2)  # of peace, for what is under way to be found out
        stop.touch()
        told = [each.result() for each in running]
    demand(killed == kills, f"Only {killed} of {kills} backends could be killed in the time.")
    facts, unknown = _summed(told) | {"kills": killed}, [each for one in told for each in one.unknown]
    demand(len(unknown) <= kills, f"Too many outcomes stayed unknown: {unknown}")
    prove(ground, begun, [each for one in told for each in one.acknowledged], unknown)
    return facts


def clients_killed(ground: Ground, say: Say, *, kills: int = 50, seed: int = 1) -> Facts:
    """Clients are killed at random moments, as many as it takes to hit `kills` of them in mid-change."""
    rng, found, between = random.Random(seed), Counter(), 0
    while found.total() < kills:
        told = killed_client(ground, rng, seed + found.total() + between)
        await_no_session(ground)
        outcome = what_is_left(ground, told)
        found.update([outcome] if outcome else [])
        between += not outcome
        say(f"{found.total()} clients killed in mid-change")
    return {"clients killed in mid-change": dict(found), "between two changes": between}


def variants_at_once(ground: Ground, say: Say, *, writers: int = 4, edits: int = 200, seed: int = 1) -> Facts:
    """Writers switch, add, delete and star variants of a few generations that two shots hold."""
    begun = variants.prepare(ground)
    with ProcessPoolExecutor(writers, mp_context=_SPAWN) as pool:
        running = [
            pool.submit(variants.write, ground.conninfo, list(begun), seed + n, edits) for n in range(writers)
        ]
        told = answers(running, say)
    say("proving")
    variants.prove(ground, begun, told)
    done, refused = sum(len(one.done) for one in told), sum((one.refused for one in told), Counter())
    demand(done + refused.total() == writers * edits, "A change went without an answer.")
    return {"changes": writers * edits, "acknowledged": done, "refused": dict(refused)}


def answers(running: list[Future], say: Say) -> list:
    """Wait for the writers, telling how many are done."""
    started, left = time.monotonic(), set(running)
    while left:
        left = wait(left, timeout=1).not_done
        say(f"{len(running) - len(left)} of {len(running)} writers done, {time.monotonic() - started:.0f} s")
    return [each.result() for each in running]


def _summed(told: list[Told]) -> Facts:
    found_out = sum((one.found_out for one in told), Counter())
    return {
        "acknowledged": sum(len(one.acknowledged) for one in told),
        "refused": dict(sum((one.refused for one in told), Counter())),
        "lost answers found stored": found_out[True],
        "lost answers found not stored": found_out[False],
        "unknown": sum(len(one.unknown) for one in told),
    }
