"""`make trials`: runs the trials on a throwaway server and writes docs/TESTING.md."""

import argparse
import multiprocessing
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.trials import runs
from tests.trials.ground import Ground, server

PAGE = Path(__file__).parents[2] / "docs" / "TESTING.md"
BEGIN, END = "<!-- numbers -->", "<!-- end of numbers -->"
# name: what it is called in the page, the run, and how long the quick one is
TRIALS = {
    "at_once": ("Writers at once", runs.at_once, {"writers": 4, "edits": 60}),
    "backends_killed": ("Backends killed", runs.backends_killed, {"kills": 3}),
    "clients_killed": ("Clients killed", runs.clients_killed, {"kills": 8}),
    "variants_at_once": ("Variants at once", runs.variants_at_once, {"edits": 40}),
}


def main() -> None:
    """Run them, each on a database of its own; a disproof ends the run and leaves the page as it is."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="short runs; the page stays as it is without --write"
    )
    parser.add_argument("--write", action="store_true", help="write the page after short runs too")
    parser.add_argument("--only", choices=TRIALS, action="append", help="the page stays as it is")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.only and options.write:
        parser.error("the page has room for all trials, not for some")
    print(f"seed {options.seed}", file=sys.stderr)  # noqa: T201  progress
    signal.signal(signal.SIGTERM, _end)
    rows = []
    with server() as cluster:
        for name in options.only or TRIALS:
            title, run, quick = TRIALS[name]
            ground, started = Ground.on(cluster, name), time.perf_counter()
            facts = run(ground, _say(title), seed=options.seed, **(quick if options.quick else {}))
            seconds = time.perf_counter() - started
            rows.append(f"| {title} | {_told(facts)} | {seconds:.0f} |")
            print(rows[-1])  # noqa: T201  what it is for
        version = cluster.version
    if options.write or not (options.quick or options.only):
        write(rows, version, options.seed)


def write(rows: list[str], version: str, seed: int) -> None:
    """Put the numbers into the page."""
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    made = f"{datetime.now(UTC):%Y-%m-%d}, PostgreSQL {version}, Python {platform.python_version()}"
    lines = [
        f"Made on {made}, {os.cpu_count()} cores, seed {seed}.",
        "",
        "| trial | what came of it | seconds |",
        "|---|---|---|",
        *rows,
    ]
    numbers = "\n".join(lines)
    PAGE.write_text(f"{head}{BEGIN}\n{numbers}\n{END}{tail}", "utf-8")


def _end(number: int, _: object) -> None:
    """End the writers, then this process in good order, so that the server goes and its folder."""
    for writer in multiprocessing.active_children():
        writer.kill()
    sys.exit(128 + number)


def _say(title: str):
    def say(what: str) -> None:
        print(f"\r{title}: {what}   ", end="", file=sys.stderr, flush=True)  # noqa: T201  progress

    return say


def _told(facts: dict) -> str:
    texts = []
    for name, value in facts.items():
        if isinstance(value, dict):
            inner = ", ".join(f"{count:,} {reason}" for reason, count in sorted(value.items()))
            texts.append(f"{sum(value.values()):,} {name}" + (f" ({inner})" if inner else ""))
        else:
            texts.append(f"{value:,} {name}")
    return ", ".join(texts)


if __name__ == "__main__":
    main()
