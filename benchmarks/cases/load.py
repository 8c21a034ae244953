"""Loading a shot: phase 1, both phases, beside the bare statements and the join that does without shotkit."""

from typing import TYPE_CHECKING, Any

import pandas as pd
import psycopg
from sqlalchemy import Engine, create_engine

from benchmarks.lab import Lab
from benchmarks.side_by_side import Aim, Case, Measured, measure, ratio
from benchmarks.worlds import World
from shotkit import sql
from shotkit.kit import Kit
from shotkit.model.tables import GENERATIONS, IMAGES
from shotkit.shot import Shot

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["APP_JOIN", "load"]

# The display join of an app that reads what it may need at once, params included.
APP_JOIN = """
select sg.id, sg.generation_id, sg.timeline_frame, sg.metadata, g.location, g.thumbnail_url, g.type,
       g.created_at, g.starred, g.name, g.params
from shot_generations sg join generations g on g.id = sg.generation_id
where sg.shot_id = %(shot_id)s order by sg.timeline_frame
"""
# The columns of shot.generations(), all made by the server.
SAME_JOIN = """
select sg.id::text as id, sg.generation_id::text as generation_id, sg.timeline_frame, g.location,
       coalesce(nullif(g.thumbnail_url, ''), g.location) as thumbnail_url, coalesce(g.type, 'image') as type,
       g.name, g.starred, g.created_at, g.based_on::text as based_on,
       g.parent_generation_id::text as parent_generation_id, g.is_child, g.child_order,
       g.primary_variant_id::text as primary_variant_id,
       split_part(g.location, '?', 1) as url_identity,
       split_part(coalesce(nullif(g.thumbnail_url, ''), g.location), '?', 1) as thumb_url_identity,
       coalesce(g.type, 'image') like '%%video%%'
           or split_part(split_part(g.location, '?', 1), '#', 1) ~* '\\.(mp4|webm|mov)$' as is_video,
       coalesce(sg.metadata, '{}')::text as metadata, sg.updated_at
from shot_generations sg join generations g on g.id = sg.generation_id
where sg.shot_id = %(shot_id)s order by sg.timeline_frame, g.created_at, sg.id
"""
_LIMIT, _IMAGES, _PEER = (
    "limit: the same SQL by psycopg, rows dropped",
    "shot.images()",
    "one join with params, pandas.read_sql",
)
_JOIN, _GENERATIONS = "limit: one join without params by psycopg, the same frame", "shot.generations()"
_FASTER = {100: 4.0, 1_000: 12.0}  # than the peer


def load(lab: Lab) -> Case:
    """Load shots of each number of images in worlds of each size."""
    case = Case("Loading a shot")
    for world in lab.load_worlds():
        address = lab.conninfo(world)
        with psycopg.connect(address, autocommit=True) as bare, lab.kit(address) as kit:
            engine = create_engine("postgresql+psycopg://", creator=lambda bare=bare: bare)
            for images in lab.size.images:
                _load(_Reader(kit, bare, engine, images), world, lab.size.rounds, case)
    return case


class _Reader:
    """The ways of reading one shot."""

    def __init__(self, kit: Kit, bare: "psycopg.Connection[Any]", engine: Engine, images: int) -> None:
        self._shot = kit.shot(f"images {images}")
        self._bare = bare
        self._engine = engine
        self.images = images

    def fresh(self) -> Shot:
        self._shot.refresh()
        return self._shot

    def fetched(self, text: str) -> list[tuple[Any, ...]]:
        return self._bare.execute(text.encode(), {"shot_id": self._shot.id}).fetchall()

    def phase_one_frame(self) -> pd.DataFrame:
        """Return the frame that a careful user would make of the limit's rows: as many columns, no frames."""
        rows = self.fetched(sql.statement("load/phase_one").text)
        names = [
            name
            for name in IMAGES.names
            if name not in {"timeline_frame", "url_identity", "thumb_url_identity", "is_video"}
        ]
        types = {name: pd.ArrowDtype(IMAGES.field(name).type) for name in names}
        return pd.DataFrame([row[:-1] for row in rows], columns=names).astype(types)

    def joined_frame(self) -> pd.DataFrame:
        rows = self.fetched(SAME_JOIN)
        types = {field.name: pd.ArrowDtype(field.type) for field in GENERATIONS}
        return pd.DataFrame(rows, columns=list(types)).astype(types)

    def app_frame(self) -> pd.DataFrame:
        join = APP_JOIN.replace("%(shot_id)s", f"'{self._shot.id}'")
        return pd.read_sql(join, self._engine)


def _load(reader: _Reader, world: World, rounds: int, case: Case) -> None:
    place = f"{reader.images:,} images, {world.generations:,} generations"
    phase_one = sql.statement("load/phase_one").text
    first: dict[str, Callable[[], object]] = {
        _LIMIT: lambda: reader.fetched(phase_one),
        _IMAGES: lambda: reader.fresh().images(),
        "the same SQL by psycopg, to a frame": reader.phase_one_frame,
        _PEER: reader.app_frame,
    }
    both: dict[str, Callable[[], object]] = {
        _JOIN: reader.joined_frame,
        _GENERATIONS: lambda: reader.fresh().generations(),
        "both statements by psycopg, rows dropped": lambda: (
            reader.fetched(phase_one),
            reader.fetched(sql.statement("load/phase_two").text),
        ),
        "one join without params by psycopg, rows dropped": lambda: reader.fetched(SAME_JOIN),
        _PEER: reader.app_frame,
    }
    # Phase 1 first: a handle that has shown links reads them again at every refresh.
    one = measure(f"phase 1: {place}", first, rounds=rounds)
    pd.testing.assert_frame_equal(reader.fresh().generations(), reader.joined_frame())
    two = measure(f"both phases: {place}", both, rounds=rounds)
    _hold(place, one, two, reader.images, case)
    for way, row in (("shot.images()", one[1]), ("shot.generations()", two[1]), (_PEER, one[-1])):
        line = f"{way}, {world.generations:,} generations"
        case.growth.setdefault(line, []).append((reader.images, row.milliseconds))


def _hold(place: str, one: list[Measured], two: list[Measured], images: int, case: Case) -> None:
    case.measured += [*one, *two]
    case.aims.append(
        Aim.at_most(f"phase 1, {place}: in times of the limit", ratio(one, _IMAGES, _LIMIT), 1.6)
    )
    if images in _FASTER:
        faster = ratio(one, _PEER, _IMAGES)
        case.aims.append(Aim.at_least(f"phase 1, {place}: faster than the peer", faster, _FASTER[images]))
    case.aims.append(
        Aim.at_most(f"both phases, {place}: in times of the join", ratio(two, _GENERATIONS, _JOIN), 1.0)
    )
