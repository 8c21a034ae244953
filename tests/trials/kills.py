"""Kills backends and clients, and looks at what a killed client left."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import psycopg

from tests.trials.ground import Ground
from tests.trials.proof import DisprovedError, demand

LONGEST = 0.03  # seconds from the beginning of a change to the kill


def killed_client(ground: Ground, rng: random.Random, seed: int) -> list[dict]:
    """Let a client begin a few changes, kill it, and return all that it said."""
    client = [sys.executable, "-m", "tests.trials.client", ground.conninfo, ground.shot, str(seed)]
    with subprocess.Popen(client, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for _ in range(2 * rng.randrange(1, 5) - 1):
            said = [process.stdout.readline()]
        time.sleep(rng.uniform(0, LONGEST))
        process.kill()
        said += process.stdout.readlines()
    return [json.loads(line) for line in said if line]


def what_is_left(ground: Ground, told: list[dict]) -> str:
    """Return 'stored' or 'not stored' of the change that the client was in, '' where it was in none.

    Demands that all of it is stored or nothing, that what it was told is stored, and that shot_data agrees.
    """
    demand(told, "The client ended by itself.")
    now, operations = ground.frames(), {each.get("drag_session_id") for each in ground.metadata().values()}
    demand(ground.findings() == 0, f"The audits report findings after {told[-1]}.")
    begun = next(each for each in reversed(told) if "before" in each)
    stored = now == begun["after"]
    demand(stored or now == begun["before"], f"Killed in {begun}, it left {now}.")
    demand(stored or begun["op_id"] not in operations, f"Killed in {begun}, it left a part of it.")
    if "done" in told[-1]:
        demand(stored, f"{begun} was acknowledged and is not stored.")
        return ""
    return "stored" if stored else "not stored"


def kill_backend(ground: Ground) -> int:
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


def await_no_session(ground: Ground) -> None:
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
