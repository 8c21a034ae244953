"""The trials: each makes its ground, lets writers loose, and proves what is stored."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.trials import variants
from tests.trials.ground import Ground
from tests.trials.proof import DisprovedError, demand, prove
from tests.trials.writers import Told, write, write_until

Facts = dict[str, object]
Say = Callable[[str], None]
_SPAWN = multiprocessing.get_context("spawn")


def at_once(ground: Ground, say: Say, *, writers: int = 8, edits: int = 500, seed: int = 1) -> Facts:
    """Writers edit one shot at once."""
    begun, generation = ground.frames(), a_generation(ground)
    with ProcessPoolExecutor(writers, mp_context=_SPAWN) as pool:
        running = [pool.submit(write, ground, seed + n, edits, generation) for n in range(writers)]
        told = [each.result() for each in running]
    say("proving")
    done = [each for one in told for each in one.acknowledged]
    facts = _summed(told) | {"edits": writers * edits}
    demand(facts["unknown"] == 0, "An outcome stayed unknown.")
    demand(len(done) + sum(facts["refused"].values()) == writers * edits, "An edit went without an answer.")
    prove(ground, begun, done)
    return facts


def backends_killed(ground: Ground, say: Say, *, writers: int = 4, kills: int = 25, seed: int = 1) -> Facts:
    """Backends are killed under writers; each kill takes all sessions of the server down."""
    begun, generation, rng = ground.frames(), a_generation(ground), random.Random(seed)
    killed, end = 0, time.monotonic() + 60 + 4 * kills
    with TemporaryDirectory() as folder, ProcessPoolExecutor(writers, mp_context=_SPAWN) as pool:
        stop = Path(folder, "stop")
        running = [pool.submit(write_until, ground, seed + n, generation, stop) for n in range(writers)]
        while killed < kills and time.monotonic() < end:
            time.sleep(rng.uniform(0.2, 1.0))
            killed += _kill_one(ground)
            say(f"{killed} backends killed")
        time.sleep(2)  # of peace, for what is under way to be found out
        stop.touch()
        told = [each.result() for each in running]
    demand(killed == kills, f"Only {killed} of {kills} backends could be killed in the time.")
    facts = _summed(told) | {"kills": killed}
    demand(facts["unknown"] == 0, f"Outcomes stayed unknown: {[one.unknown for one in told]}")
    prove(ground, begun, [each for one in told for each in one.acknowledged])
    return facts


def clients_killed(ground: Ground, say: Say, *, kills: int = 50, seed: int = 1) -> Facts:
    """A client that turns the order round again and again is killed at a random moment."""
    rng, order = random.Random(seed), list(ground.frames())
    ways = {tuple(order): 0, tuple(reversed(order)): 0}
    for number in range(kills):
        client = [sys.executable, "-m", "tests.trials.client", ground.conninfo, ground.shot]
        with subprocess.Popen(client, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()  # it has begun
            time.sleep(rng.uniform(0, 0.08))
            process.kill()
        _await_no_session(ground)
        found = tuple(ground.frames())
        demand(found in ways, f"After a kill the order is neither of the two: {found}")
        operations = {each.get("drag_session_id") for each in ground.metadata().values()}
        demand(len(operations) == 1, f"The links are of several operations: {operations}")
        ways[found] += 1
        say(f"{number + 1} clients killed")
    demand(ground.findings() == 0, "The audits report findings.")
    return {
        "kills": kills,
        "found in the one order": ways[tuple(order)],
        "in the other": kills - ways[tuple(order)],
    }


def variants_at_once(ground: Ground, say: Say, *, writers: int = 4, edits: int = 200, seed: int = 1) -> Facts:
    """Writers switch, add, delete and star variants of a few generations that two shots hold."""
    generations = variants.prepare(ground)
    with ProcessPoolExecutor(writers, mp_context=_SPAWN) as pool:
        running = [
            pool.submit(variants.write, ground.conninfo, generations, seed + n, edits) for n in range(writers)
        ]
        told = [each.result() for each in running]
    say("proving")
    variants.prove(ground, generations, told)
    done = sum((one.done for one in told), Counter())
    refused = sum((one.refused for one in told), Counter())
    demand(sum((done + refused).values()) == writers * edits, "A change went without an answer.")
    return {"changes": writers * edits, "acknowledged": sum(done.values()), "refused": dict(refused)}


def a_generation(ground: Ground) -> str:
    with psycopg.connect(ground.conninfo) as connection:
        [found] = connection.execute("select min(id::text) from generations").fetchone()
        return found


def _summed(told: list[Told]) -> Facts:
    found_out = sum((one.found_out for one in told), Counter())
    return {
        "acknowledged": sum(len(one.acknowledged) for one in told),
        "refused": dict(sum((one.refused for one in told), Counter())),
        "lost answers found stored": found_out[True],
        "lost answers found not stored": found_out[False],
        "unknown": sum(len(one.unknown) for one in told),
    }


def _kill_one(ground: Ground) -> int:
    try:
        with psycopg.connect(ground.conninfo, connect_timeout=2) as connection:
            found = connection.execute(
                "select pid from pg_stat_activity where application_name = 'shotkit'"
                " and datname = current_database() order by state = 'idle', random() limit 1"
            ).fetchall()
        if not found:
            return 0
        os.kill(found[0][0], signal.SIGKILL)
    except (psycopg.Error, ProcessLookupError):
        return 0
    return 1


def _await_no_session(ground: Ground) -> None:
    """Wait until the server has ended what the killed client began."""
    end = time.monotonic() + 20
    with psycopg.connect(ground.conninfo, autocommit=True) as connection:
        while time.monotonic() < end:
            [left] = connection.execute(
                "select count(*) from pg_stat_activity where application_name = 'shotkit'"
                " and datname = current_database()"
            ).fetchone()
            if not left:
                return
            time.sleep(0.01)
    raise DisprovedError("A session of a killed client did not end.")


__all__ = ["at_once", "backends_killed", "clients_killed", "variants_at_once"]
