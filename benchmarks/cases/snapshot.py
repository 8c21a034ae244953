"""Taking a snapshot beside the server's own COPY of the same tables: time, size, memory."""

from functools import partial

import psycopg
from psycopg import sql

from benchmarks.lab import Lab
from benchmarks.peak import peak_of
from benchmarks.side_by_side import Aim, Case, measure
from benchmarks.worlds import World

__all__ = ["snapshot"]

TABLES = (
    "users", "projects", "shots", "shot_generations", "generations", "generation_variants", "tasks",
    "credits_ledger",
)  # fmt: skip
_MOST_ROUNDS = 3  # it takes long, and so varies little
_LIMIT, _OURS = "limit: COPY of the tables to the server's /dev/null", "kit.snapshot(folder)"
_TIMES = 2.0
_MEGABYTE = 1 << 20


def snapshot(lab: Lab) -> Case:
    """Take snapshots of all tables, of worlds with params and of the largest without."""
    case = Case("Snapshots")
    largest = World(lab.size.links[-1], lab.size.links[-1], params=False)
    for world in (*lab.load_worlds(), largest):
        _measure(lab, world, case)
    return case


def _measure(lab: Lab, world: World, case: Case) -> None:
    address = lab.conninfo(world)
    with psycopg.connect(address, autocommit=True) as bare, lab.kit(address) as kit:
        ways = {
            _LIMIT: lambda _: _copy_to_nowhere(bare),
            "COPY of the tables to the client, rows dropped": lambda _: _copy_to_client(bare),
            _OURS: kit.snapshot,
        }
        measured = measure(
            str(world),
            ways,
            rounds=min(lab.size.rounds, _MOST_ROUNDS),
            prepare=partial(_emptied, lab),
        )
        case.measured += measured
        case.aims.append(Aim.at_most(f"{world}: time", measured[-1].ratio, _TIMES))
        for row in measured:
            if world.params:
                case.growth.setdefault(row.way, []).append((world.links, row.milliseconds))
        taken = kit.snapshot(lab.emptied("snapshot"))
        peak = peak_of("snapshot", address, str(lab.emptied("snapshot")))["peak"]
        case.notes.append(
            f"{world}: {taken.bytes / _MEGABYTE:,.0f} MB of files, of tables of "
            f"{_table_megabytes(bare):,.0f} MB; {peak / _MEGABYTE:,.0f} MB of memory beyond the imports."
        )
    lab.emptied("snapshot").rmdir()


def _emptied(lab: Lab) -> tuple[object]:
    return (lab.emptied("snapshot"),)


def _copy_to_nowhere(bare: "psycopg.Connection[tuple[object, ...]]") -> None:
    for table in TABLES:
        bare.execute(sql.SQL("copy public.{} to '/dev/null'").format(sql.Identifier(table)))


def _copy_to_client(bare: "psycopg.Connection[tuple[object, ...]]") -> None:
    for table in TABLES:
        with bare.cursor().copy(sql.SQL("copy public.{} to stdout").format(sql.Identifier(table))) as rows:
            for _ in rows:
                pass


def _table_megabytes(bare: "psycopg.Connection[tuple[object, ...]]") -> float:
    row = bare.execute(
        "select sum(pg_table_size(t::regclass)) from unnest(%s::text[]) as t", (list(TABLES),)
    ).fetchone()
    return float(str(row[0])) / _MEGABYTE if row else 0.0
