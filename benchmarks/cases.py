"""What is measured: reading a shot and auditing, beside the limit and what users have without shotkit."""

from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import create_engine

from benchmarks.side_by_side import Measured, measure
from shotkit import sql
from shotkit.engine import embedded
from shotkit.kit import Kit
from shotkit.shot import Shot

__all__ = ["audit", "load", "sizes"]

# The display join of an app that reads what it may need at once, params included.
APP_JOIN = """
select sg.id, sg.generation_id, sg.timeline_frame, sg.metadata, g.location, g.thumbnail_url, g.type,
       g.created_at, g.starred, g.name, g.params
from shot_generations sg join generations g on g.id = sg.generation_id
where sg.shot_id = '{shot}' order by sg.timeline_frame
"""
PLAIN_SCAN = """
select (select sum(length(shot_data::text)) from generations),
       (select sum(timeline_frame) + count(*) from shot_generations)
"""


def sizes(kit: Kit) -> str:
    """Say how many generations and links there are."""
    coverage = kit.audit().coverage
    return f"{coverage['generations']:,} generations, {coverage['links']:,} links"


def load(kit: Kit, rounds: int) -> list[Measured]:
    """Read the shot with the most links: phase 1, then both phases."""
    with psycopg.connect(embedded.start().conninfo, autocommit=True) as bare:
        largest = "select shot_id::text, count(*) from shot_generations group by 1 order by 2 desc, 1 limit 1"
        shot, links = _one(bare, largest)
        engine = create_engine("postgresql+psycopg://", creator=lambda: bare)
        phase_one, phase_two = sql.statement("load/phase_one").text, sql.statement("load/phase_two").text
        join = APP_JOIN.format(shot=shot)
        held = kit.shot(shot)

        def fetched(*statements: str) -> None:
            for statement in statements:
                bare.execute(statement, {"shot_id": shot}).fetchall()

        def fresh() -> Shot:
            held.refresh()
            return held

        first = measure(
            f"phase 1 of {links} images",
            {
                "limit: the same SQL by psycopg, rows dropped": lambda: fetched(phase_one),
                "shot.images()": lambda: fresh().images(),
                "one join with params, pandas.read_sql": lambda: pd.read_sql(join, engine),
            },
            rounds=rounds,
        )
        both = measure(
            f"both phases of {links} images",
            {
                "limit: both statements by psycopg, rows dropped": lambda: fetched(phase_one, phase_two),
                "shot.generations()": lambda: fresh().generations(),
                "one join with params, pandas.read_sql": lambda: pd.read_sql(join, engine),
            },
            rounds=rounds,
        )
        return [*first, *both]


def audit(kit: Kit, rounds: int) -> list[Measured]:
    """Audit shot_data against the links."""
    with psycopg.connect(embedded.start().conninfo, autocommit=True) as bare:
        ways = {
            "limit: a plain scan of the same columns": lambda: _one(bare, PLAIN_SCAN),
            'kit.audit("0001")': lambda: kit.audit("0001"),
        }
        return measure("audit 0001", ways, rounds=rounds)


def _one(connection: psycopg.Connection[Any], statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()  # type: ignore[arg-type]  # our own text
    assert row is not None  # noqa: S101  an aggregate has one row
    return row
