"""Writers of variants, and the proof of what they leave."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd
import psycopg

from shotkit.engine import Database
from shotkit.errors import ShotkitError
from shotkit.load import load_variants
from shotkit.mutate import (
    AddVariant,
    DeleteVariant,
    MakePrimary,
    StarVariant,
    VariantIntent,
    apply_to_variants,
)
from tests.trials.ground import Ground
from tests.trials.proof import by_commit, demand

GENERATIONS = 3
MOST = 6  # variants of one


Variants = dict[str, tuple[bool, bool]]  # whether primary, whether starred


@dataclass
class Done:
    """One change that was told to be stored."""

    op_id: str
    generation: str
    intent: VariantIntent
    before: Variants
    after: Variants
    xid: str | None  # None where nothing had to be written


@dataclass
class Told:
    """What a writer was told."""

    done: list[Done] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def prepare(ground: Ground) -> dict[str, Variants]:
    """Put a few generations of the shot into another one too; return their variants."""
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
    return stored(ground, [id_ for (id_,) in chosen])


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
        before, after = variants_of(done.before), variants_of(done.after)
        told.done.append(Done(done.op_id, generation, change, before, after, done.xid))
    database.close()
    return told


def a_change(rng, ids, location):
    if len(ids) < 2:
        return AddVariant(location, is_primary=rng.random() < 0.3)
    one = rng.choice(ids)
    more = DeleteVariant(one) if len(ids) >= MOST else AddVariant(location, is_primary=rng.random() < 0.3)
    return rng.choice(
        [MakePrimary(one), MakePrimary(one), StarVariant(one, rng.random() < 0.5), DeleteVariant(one), more]
    )


def variants_of(rows: pd.DataFrame) -> Variants:
    return {row.id: (bool(row.is_primary), bool(row.starred)) for row in rows.itertuples()}


def prove(ground: Ground, begun: dict[str, Variants], told: list[Told]) -> None:
    """Demand that a serial replay, in the order of the commits, gives the variants that are stored."""
    now, done = dict(begun), [each for one in told for each in one.done]
    for each in by_commit(ground.conninfo, done):
        left = now[each.generation]
        demand(each.before == left, f"{each.intent} began on {each.before}, and the one before left {left}.")
        now[each.generation] = each.after
    for each in done:
        check(each)
    found = stored(ground, list(begun))
    demand(found == now, f"Stored is {found}, and the last changes left {now}.")
    for generation, variants in now.items():
        primary = [id_ for id_, (is_primary, _) in variants.items() if is_primary]
        demand(len(primary) == bool(variants), f"{generation} has {len(primary)} primary variants.")
        demand(shown(ground, generation) == primary, f"{generation} does not show its primary variant.")
    demand(ground.findings() == 0, "The audits report findings.")


def check(each: Done) -> None:
    """Demand that the change did what it says: there, gone, starred, primary; and no more."""
    intent, stars = each.intent, {id_: starred for id_, (_, starred) in each.before.items()}
    primary = primary_of(each.before)
    if isinstance(intent, AddVariant):
        stars[each.op_id] = False
        primary = each.op_id if intent.is_primary or not each.before else primary
    elif isinstance(intent, DeleteVariant):
        del stars[intent.variant_id]
        primary = primary if primary in stars else primary_of(each.after)
    elif isinstance(intent, StarVariant):
        stars[intent.variant_id] = intent.starred
    else:
        primary = intent.variant_id
    asked = {id_: (id_ == primary, starred) for id_, starred in stars.items()}
    demand(each.after == asked, f"{intent} on {each.before} became {each.after}.")


def primary_of(variants: Variants) -> str | None:
    return next((id_ for id_, (is_primary, _) in variants.items() if is_primary), None)


def stored(ground: Ground, generations: list[str]) -> dict[str, Variants]:
    found: dict[str, Variants] = {id_: {} for id_ in generations}
    with psycopg.connect(ground.conninfo) as connection:
        for generation, id_, *flags in connection.execute(
            "select generation_id::text, id::text, is_primary, starred from generation_variants"
            " where generation_id = any(%s::uuid[])",
            (generations,),
        ):
            found[generation][id_] = tuple(flags)
    return found


def shown(ground: Ground, generation: str) -> list[str]:
    """The variants that the generation shows: one, or none if it is empty."""
    with psycopg.connect(ground.conninfo) as connection:
        rows = connection.execute(
            "select v.id::text from generations g join generation_variants v on v.id = g.primary_variant_id"
            " where g.id = %s and v.location = g.location",
            (generation,),
        )
        return [id_ for (id_,) in rows]
