"""`python -m tests.trials.audits`: plants every fault in many worlds, and audits while writers write."""

import argparse
import multiprocessing
import os
import platform
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from shotkit.audit import Report, run
from shotkit.demo.bulk import PER_PROJECT, projects
from shotkit.demo.fault_kinds import VERDICTS
from shotkit.demo.faults import plant
from shotkit.demo.fill import write_chunk
from shotkit.demo.rehearsal import rehearsed
from shotkit.demo.rule_faults import rule_classes
from shotkit.demo.self_test import Class, classes, compared
from shotkit.demo.story import tell
from shotkit.engine import Database, DuckDatabase, Snapshot, SparkDatabase
from shotkit.engine.cluster import Cluster
from shotkit.errors import ConfigurationError, InvalidChangeError, SchemaMismatchError, ShotkitError
from shotkit.schema.migrations import push
from shotkit.snapshot import take
from shotkit.sql import statement
from tests.trials.ground import Ground, server
from tests.trials.proof import demand
from tests.trials.writers import write_until

PAGE = Path(__file__).parents[2] / "docs" / "TESTING.md"
BEGIN, END = "<!-- audits -->", "<!-- end of audits -->"
NO_ROOM = (ConfigurationError, InvalidChangeError, SchemaMismatchError)
Key = tuple[str, str]


def main() -> None:
    """Run all at full length and write the page; a disproof leaves it as it is."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials.audits", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--spark", action="store_true", help="Spark too, over all worlds as one snapshot")
    options = parser.parse_args()
    with server() as cluster:
        lines = [live(Ground.on(cluster, "live"), options.seconds)]
        if options.spark:
            lines += ["", on_spark(cluster, options.seeds)]
        tried, same = recall(cluster, options.seeds)
        lines += ["", same, "", *table(tried)]
        version = cluster.version
    made = f"{datetime.now(UTC):%Y-%m-%d}, PostgreSQL {version}, Python {platform.python_version()}"
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    numbers = "\n".join([f"Made on {made}, {os.cpu_count()} cores.", "", *lines])
    PAGE.write_text(f"{head}{BEGIN}\n{numbers}\n{END}{rest.partition(END)[2]}", "utf-8")


def recall(cluster: Cluster, seeds: int) -> tuple[list[Class], str]:
    """Try each class on its own in the world of each seed, then all at once on both engines."""
    tried: list[Class] = []
    findings = 0
    for seed in range(seeds):
        with world(cluster, f"seed_{seed}", [seed]) as database:
            tried += [alone(database, *each, seed) for each in classes()]
            plant_together(database, seed)
            findings += agreed(database, DuckDatabase)
        print(f"seed {seed}", flush=True)  # noqa: T201  progress
    wrong = [each for each in tried if each.planted != each.found or each.invented]
    demand(not wrong, f"Planted is not what is found: {wrong[:3]}")
    return tried, (
        f"All classes at once in each of the {seeds} worlds: {findings:,} findings, the same byte for byte on"
        " PostgreSQL and on DuckDB over a snapshot."
    )


@contextmanager
def world(cluster: Cluster, name: str, numbers: Iterable[int]) -> Iterator[Database]:
    """A database with these projects, thrown away at the end."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
        admin.execute(f"create database {name}_scratch")
        with closing(Database(cluster.conninfo(f"{name}_scratch"))) as database:
            push(database)
            with database.transaction() as transaction:
                transaction.execute(statement("self_test/still"))  # else triggers mend what is planted
                transaction.execute(statement("migrations/0003_shot_data_sync"))
            wanted = set(numbers)
            write_chunk(database, tell().chunk)
            for number, chunk in enumerate(islice(projects(tell(), 1 + max(wanted)), 1 + max(wanted))):
                if number in wanted:
                    write_chunk(database, chunk)
            yield database
        admin.execute(f"drop database {name}_scratch with (force)")


def alone(database: Database, audit: str, verdict: str, seed: int) -> Class:
    """Plant one class over 1 to 10 % of the generations, or over as many as have room, and take it back."""
    count = max(1, PER_PROJECT * (1 + seed % 10) // 100)
    refused = ""
    while count:
        try:
            return rehearsed(database, partial(compared, audit, verdict, count, seed))
        except NO_ROOM as error:
            refused, count = str(error).partition(";")[0], count // 2
    return Class(audit, verdict, not_covered=refused)


def plant_together(database: Database, seed: int, count: int = 3) -> int:
    """Plant all classes that go by rows, to stay; later ones may change what earlier ones broke."""
    planted = 0
    for name in (*VERDICTS, *(each for each in rule_classes() if "/" in each)):
        try:
            planted += len(plant(database, name, count, seed))
        except ShotkitError:  # no room is left
            continue
    return planted


def agreed(database: Database, *engines: type[DuckDatabase | SparkDatabase]) -> int:
    """Demand the same findings of each engine over a snapshot; return how many."""
    expected = run(database)
    with TemporaryDirectory() as folder:
        snapshot = take(database, Path(folder, "snapshot"))
        for engine in engines:
            with closing(engine(Snapshot(snapshot.folder))) as copy:
                demand(_rows(run(copy)) == _rows(expected), f"{engine.engine} finds something else.")
    return len(expected.findings)


def on_spark(cluster: Cluster, seeds: int) -> str:
    """Hold Spark and DuckDB against PostgreSQL over one snapshot of all worlds."""
    with world(cluster, "together", range(seeds)) as database:
        planted = plant_together(database, seed=0, count=3 * seeds)
        findings = agreed(database, DuckDatabase, SparkDatabase)
    return (
        f"The {seeds} worlds as projects of one snapshot, {planted:,} faults planted: {findings:,} findings,"
        " the same byte for byte on PostgreSQL, DuckDB and Spark."
    )


def live(ground: Ground, seconds: float, writers: int = 4) -> str:
    """Audit over and over while writers edit one shot."""
    generation, begun, audits, alarms = ground.a_generation(), ground.frames(), 0, 0
    spawn = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as folder, ProcessPoolExecutor(writers, mp_context=spawn) as pool:
        stop = Path(folder, "stop")
        running = [pool.submit(write_until, ground, n, generation, stop) for n in range(writers)]
        try:
            while ground.frames() == begun and not any(each.done() for each in running):
                time.sleep(0.1)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                audits, alarms = audits + 1, alarms + ground.findings()
        finally:
            stop.touch()
        edits = sum(len(each.result().acknowledged) for each in running)
    demand(edits, "Nobody wrote.")
    demand(not alarms, f"{alarms} false alarms.")
    return f"{writers} writers for {seconds:g} s, {edits:,} edits: {audits:,} audits, 0 false alarms."


def table(tried: list[Class]) -> list[str]:
    """Return the classes as a table of sums."""
    lines = [
        "| audit | verdict | worlds | planted | found | invented | recall | precision |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for audit, verdict in classes():
        of = [each for each in tried if (each.audit, each.verdict) == (audit, verdict)]
        planted, found, invented = (
            sum(getattr(each, name) for each in of) for name in ("planted", "found", "invented")
        )
        total = Class(audit, verdict, planted, found, invented)
        shares = " | ".join(
            "" if share is None else f"{share:.3f}" for share in (total.recall, total.precision)
        )
        room = sum(each.planted > 0 for each in of)
        lines.append(f"| {audit} | {verdict} | {room} | {planted:,} | {found:,} | {invented} | {shares} |")
    return lines


def _rows(report: Report) -> list[dict[str, object]]:
    return report.findings.to_dict("records")


if __name__ == "__main__":
    main()
