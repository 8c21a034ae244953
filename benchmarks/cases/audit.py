"""Audit 0001 beside a plain scan of the same columns in the same engine: time, growth, memory."""

import importlib.util
import shutil
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import log
from typing import TYPE_CHECKING

import psycopg

from benchmarks.lab import Lab
from benchmarks.peak import Sampled, peak_of
from benchmarks.side_by_side import Aim, Case, measure, ratio
from benchmarks.worlds import World, copied, dropped
from shotkit.audit import run
from shotkit.engine import Database, Snapshot
from shotkit.engine.engines import open_snapshot
from shotkit.snapshot import take
from shotkit.sql import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["audit", "audit_by_spark", "audit_of_snapshot"]

_SCAN = """
select (select sum(length(shot_data::text)) from public.generations) as characters,
       (select count(*) + sum(timeline_frame) from public.shot_generations) as frames
"""
_SCANNED = Statement("benchmarks/scan", "a narrow scan", {}, frozenset(), _SCAN.replace("::text", ""))
_SCAN_OF_ALL = """
select g.*, l.* from
    (select max(id) as g, max(project_id) as p, sum(length(shot_data)) as d from public.generations) as g
cross join
    (select max(generation_id) as i, max(shot_id) as s, sum(timeline_frame) as f
     from public.shot_generations) as l
"""
_SCANNED_WHOLE = Statement("benchmarks/scan", "a plain scan", {}, frozenset(), _SCAN_OF_ALL)
_LIMIT, _AUDIT = "limit: a plain scan of the same columns", 'audit("0001")'
_NARROW = "a scan of shot_data and of the frames alone"  # files keep columns apart, so that this is less
_AIMS = {"PostgreSQL, own index": 5.0, "PostgreSQL, without it": 8.0, "DuckDB": 10.0}
_GROWTH = 1.1
_SCANNED_AT_MOST = 1_000_000  # links, in all rounds together
_MEGABYTE = 1 << 20


def audit(lab: Lab) -> Case:
    """Audit worlds of each size on PostgreSQL, clean and wrong, with shotkit's own index and without."""
    case = Case("Audit 0001 on PostgreSQL: shot_data against the links")
    for links in lab.size.links:
        world = World(links, links, params=False)
        lab.conninfo(world)
        for kind in ("clean", "1 % wrong"):
            address, wrong = copied(lab.cluster, world, spoil=kind != "clean")
            _on_postgres(lab, case, _Trial("PostgreSQL, own index", kind, world, wrong), address)
            with psycopg.connect(address, autocommit=True) as owner:
                owner.execute("drop index shot_generations_link_idx")
                owner.execute("create index on shot_generations (generation_id)")
            _on_postgres(lab, case, _Trial("PostgreSQL, without it", kind, world, wrong), address)
        case.notes.append(_memory(lab, address, world))
        dropped(lab.cluster, world)
    _hold_growth(case)
    return case


def audit_of_snapshot(lab: Lab) -> Case:
    """Audit snapshots of each size under DuckDB."""
    case = Case("Audit 0001 over a snapshot under DuckDB: shot_data against the links")
    for links in lab.size.links:
        _on_snapshot(lab, case, links, "duckdb", "DuckDB")
    _hold_growth(case)
    return case


def audit_by_spark(lab: Lab) -> Case:
    """Audit the largest snapshot under Spark, where that is installed."""
    case = Case("Audit 0001 over a snapshot under Spark: shot_data against the links")
    if lab.size.spark and _has_spark():
        _on_snapshot(lab, case, lab.size.links[-1], "spark", "Spark")
    else:
        case.notes.append("Spark was left out: it is not installed here, or the size has none.")
    return case


@dataclass(frozen=True)
class _Trial:
    """One row of the table: the way, what is wrong, and how many documents are."""

    way: str
    kind: str
    world: World
    wrong: int

    @property
    def name(self) -> str:
        return f"{self.way}, {self.kind}"

    def check(self, found: object) -> None:
        if found != self.wrong:
            raise RuntimeError(f"{self.wrong} documents are wrong, the audit found {found}.")


def _on_postgres(lab: Lab, case: Case, trial: _Trial, address: str) -> None:
    with (
        closing(Database(address)) as database,
        psycopg.connect(address, options="-c max_parallel_workers_per_gather=0", autocommit=True) as alone,
        psycopg.connect(address, autocommit=True) as bare,
    ):
        ways: dict[str, Callable[[], object]] = {
            _LIMIT: partial(alone.execute, _SCAN.encode()),
            _AUDIT: lambda: len(run(database, "0001").findings),
            "the scan, by as many processes as the server gives": partial(bare.execute, _SCAN.encode()),
        }
        _measure(lab, case, trial, ways)


def _on_snapshot(lab: Lab, case: Case, links: int, engine: str, name: str) -> None:
    world = World(links, links, params=False)
    lab.conninfo(world)
    address, wrong = copied(lab.cluster, world, spoil=True)
    folder = lab.emptied("audited")
    with closing(Database(address)) as database:
        take(database, folder)
    dropped(lab.cluster, world)
    with closing(open_snapshot(Snapshot(folder), engine)) as opened:
        ways: dict[str, Callable[[], object]] = {
            _LIMIT: partial(opened.rows, _SCANNED_WHOLE),
            _AUDIT: lambda: len(run(opened, "0001").findings),
            _NARROW: partial(opened.rows, _SCANNED),
        }
        _measure(lab, case, _Trial(name, "1 % wrong", world, wrong), ways)
    if engine == "duckdb":
        memory = peak_of("audit", str(folder))["peak"] / _MEGABYTE
        case.notes.append(f"DuckDB, {links:,} links: at its peak {memory:,.0f} MB beyond the imports.")
    shutil.rmtree(folder)


def _measure(lab: Lab, case: Case, trial: _Trial, ways: "dict[str, Callable[[], object]]") -> None:
    trial.check(ways[_AUDIT]())
    links = trial.world.links
    rounds = max(1, min(lab.size.rounds, _SCANNED_AT_MOST // links, 15))
    measured = measure(f"{trial.name}: {links:,} links", ways, rounds=rounds)
    case.measured += measured
    for line, row in zip((f"limit, {trial.name}", trial.name), measured, strict=False):
        case.growth.setdefault(line, []).append((links, row.milliseconds))
    what = f"{trial.name}, {links:,} links"
    if most := _AIMS.get(trial.way):
        case.aims.append(Aim.at_most(what, measured[1].ratio, most))
    if most and _NARROW in ways:
        harder = Aim.at_most(f"{what}: in times of {_NARROW}", ratio(measured, _AUDIT, _NARROW), most)
        case.aims.append(harder)
    print(trial.name, links, f"{measured[1].ratio:.2f}", flush=True)


def _hold_growth(case: Case) -> None:
    for way, line in case.growth.items():
        if not way.startswith("limit") and len(line) > 1:
            (small, short), (large, long) = line[0], line[-1]
            exponent = log(long / short) / log(large / small)
            case.aims.append(Aim.at_most(f"growth of {way}: exponent", exponent, _GROWTH, ""))
    case.notes.append(
        "The limit on PostgreSQL is one process, as the audit is; DuckDB and Spark use all cores for both. "
        "These worlds have no params, which the audit never reads. Each number of findings was held against "
        "the number of documents that had been made wrong, in eight ways."
    )


def _memory(lab: Lab, address: str, world: World) -> str:
    before = lab.anonymous_memory()
    with closing(Database(address)) as database, Sampled(lab.anonymous_memory) as sampled:
        run(database, "0001")
    server = sampled.most - before
    # Sessions that end meanwhile give back more than the audit takes.
    taken = f"{server / _MEGABYTE:,.0f} MB" if server > 0 else "nothing that could be told"
    client = peak_of("audit", address)["peak"] / _MEGABYTE
    return (
        f"PostgreSQL, {world.links:,} links: at their peaks {client:,.0f} MB in the client beyond its "
        f"imports, {taken} in the server's processes beside shared buffers."
    )


def _has_spark() -> bool:
    return importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
