"""Writers of variants, and the proof of what they leave."""

import random
from collections import Counter
from dataclasses import dataclass, field

import psycopg

from shotkit.engine import Database
from shotkit.errors import ShotkitError
from shotkit.load import load_variants
from shotkit.mutate import AddVariant, DeleteVariant, MakePrimary, StarVariant, apply_to_variants
from tests.trials.ground import Ground

GENERATIONS = 3
MOST = 6  # variants of one


@dataclass
class Told:
    """What a writer was told."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    added: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)


def prepare(ground: Ground) -> list[str]:
    """Put a few generations of the shot into another one too; return their ids."""
    with psycopg.connect(ground.conninfo, autocommit=True) as connection:
        [other] = connection.execute(
            "insert into shots (name, project_id) values ('Dusk', %s) returning id", (ground.project,)
        ).fetchone()
        chosen = connection.execute(
            "insert into shot_generations (shot_id, generation_id, timeline_frame)"
            " select %s, id, 10 * row_number() over (order by id) from generations order by id limit %s"
            " returning generation_id::text",
            (other, GENERATIONS),
        ).fetchall()
    return [id_ for (id_,) in chosen]


def write(conninfo: str, generations: list[str], seed: int, edits: int) -> Told:
    rng, database, told = random.Random(seed), Database(conninfo), Told()
    for number in range(edits):
        generation = rng.choice(generations)
        rows = load_variants(database, generation)
        seen = dict(zip(rows["id"].to_pylist(), rows["is_primary"].to_pylist(), strict=True))
        change = a_change(rng, list(seen), f"/{seed}-{number}.png")
        try:
            done = apply_to_variants(database, generation, change, seen=seen if rng.random() < 0.5 else None)
        except ShotkitError as refusal:
            told.refused[type(refusal).__name__] += 1
            continue
        told.done[type(change).__name__] += 1
        if isinstance(change, AddVariant):
            told.added.add(done.op_id)
        if isinstance(change, DeleteVariant):
            told.deleted.add(change.variant_id)
    database.close()
    return told


def a_change(rng, ids, location):
    if len(ids) < 2:
        return AddVariant(location, is_primary=rng.random() < 0.3)
    one = rng.choice(ids)
    more = DeleteVariant(one) if len(ids) >= MOST else AddVariant(location, is_primary=rng.random() < 0.3)
    return rng.choice([MakePrimary(one), MakePrimary(one), StarVariant(one), DeleteVariant(one), more])


def prove(ground: Ground, generations: list[str], told: list[Told]) -> None:
    added, deleted = set().union(*(x.added for x in told)), set().union(*(x.deleted for x in told))
    with psycopg.connect(ground.conninfo) as connection:
        there = {id_ for (id_,) in connection.execute("select id::text from generation_variants")}
        shown = connection.execute(
            "select g.id::text, count(v.id), count(v.id) filter (where v.is_primary"
            " and v.location = g.location and v.id = g.primary_variant_id),"
            " count(v.id) filter (where v.is_primary)"
            " from generations g left join generation_variants v on v.generation_id = g.id"
            " where g.id = any(%s::uuid[]) group by g.id",
            (generations,),
        ).fetchall()
    assert added - deleted <= there, "an acknowledged variant is missing"
    assert not deleted & there, "an acknowledged deletion is missing"
    for _, variants, shown_primaries, primaries in shown:
        assert primaries == shown_primaries == min(1, variants), shown
    assert ground.findings() == 0, "the audits report findings"
