"""Reordering a shot: one proven change of shotkit's, beside the bare UPDATE that is its limit."""

import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.lab import Lab
from benchmarks.side_by_side import Aim, Case, Measured, measure
from benchmarks.worlds import World
from shotkit.engine import Database
from shotkit.mutate import Reorder, apply

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["edits"]

_MOST_ROUNDS = {12: 151, 100: 51, 1_000: 21}  # beyond these links 3
_ONE_BY_ONE = "one UPDATE a link, one transaction"
_AIMS = {12: 2.5, 1_000: 1.5}
MADE = """
with shot as (
    insert into shots (name, project_id) select 'reordered', id from projects order by id limit 1
    returning id, project_id
),
made as (
    insert into generations (project_id, location, type)
    select project_id, '/a.png', 'image' from shot, generate_series(1, %s)
    returning id
)
insert into shot_generations (shot_id, generation_id, timeline_frame)
select shot.id, made.id, 10 * (row_number() over () - 1) from made, shot
returning shot_id::text
"""
FRAMES = "select id::text, timeline_frame from shot_generations where shot_id = %s order by timeline_frame"
# The limit: no lock, no look at what is there or at what came of it, and prepared by psycopg.
AT_ONCE = """
update shot_generations as l set timeline_frame = asked.frame
from unnest(%s::uuid[], %s::int[]) as asked (id, frame) where l.id = asked.id
"""
ONE = "update shot_generations set timeline_frame = %s where id = %s"


def edits(lab: Lab) -> Case:
    """Reorder shots of four sizes at random, each time another order; every commit waits for the disk."""
    case = Case("Edits")
    case.notes.append(
        "One UPDATE a link, there for comparison alone, runs in the first of every ten rounds, not warmed up."
    )
    address = lab.conninfo(World(lab.size.links[0], lab.size.links[0], params=False))
    with (
        lab.safely(),
        closing(Database(address)) as database,
        psycopg.connect(address, autocommit=True) as bare,
    ):
        for links in lab.size.edited:
            measured = _reorder(database, bare, links, lab.size.rounds)
            case.measured += measured
            if links in _AIMS:
                case.aims.append(Aim.at_most(f"reorder of {links:,} links", measured[1].ratio, _AIMS[links]))
            for row in measured:
                case.growth.setdefault(row.way, []).append((links, row.milliseconds))
    return case


def _reorder(database: Database, bare: psycopg.Connection[Any], links: int, rounds: int) -> list[Measured]:
    [shot] = {id_ for (id_,) in bare.execute(MADE, (links,))}
    bare.execute("vacuum analyze")

    def another_order() -> tuple[dict[str, int], list[str]]:
        seen = dict(bare.execute(FRAMES, (shot,)).fetchall())
        return seen, random.sample(list(seen), links)

    ways: dict[str, Callable[[dict[str, int], list[str]], object]] = {
        "limit: one UPDATE by psycopg, nothing checked": lambda seen, ids: _at_once(bare, seen, ids),
        "shotkit's apply, all checks on": lambda seen, ids: apply(
            database, shot, Reorder(tuple(ids)), seen=seen
        ),
        _ONE_BY_ONE: lambda seen, ids: _one_by_one(bare, seen, ids),
    }
    return measure(
        f"reorder of {links:,} links",
        ways,
        rounds=min(5 * rounds, _MOST_ROUNDS.get(links, 3)),
        prepare=another_order,
        seldom=[_ONE_BY_ONE],
    )


def _at_once(bare: psycopg.Connection[Any], seen: dict[str, int], ids: list[str]) -> None:
    with bare.transaction():
        bare.execute(AT_ONCE, (ids, list(seen.values())))


def _one_by_one(bare: psycopg.Connection[Any], seen: dict[str, int], ids: list[str]) -> None:
    with bare.transaction():
        for pair in zip(seen.values(), ids, strict=True):
            bare.execute(ONE, pair)
