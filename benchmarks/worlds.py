"""Databases of stated sizes, with or without params, filled on the server."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from shotkit.demo.sample import samples
from shotkit.engine import Database
from shotkit.engine.cluster import Cluster
from shotkit.schema.migrations import push

__all__ = ["World", "conninfo_of", "copied", "dropped"]

_LARGE = 1_000_000  # links
_SECONDARY = """
select indexname, indexdef from pg_indexes
where schemaname = 'public' and tablename in ('generations', 'shot_generations')
    and indexname not like '%%pkey'
"""
_OWNERS = """
insert into users (name) values ('Bench');
insert into projects (name, user_id) select 'Bench', id from users
"""
# About 40 links a shot; the shots of a stated number of images besides, of the generations in turn.
_SHOTS = """
insert into shots (id, name, project_id, position)
select md5('shot ' || number)::uuid, 'shot ' || number, projects.id, number + 1
from projects, generate_series(0, %(links)s::int / 40) as number;
insert into shots (id, name, project_id, position)
select md5('images ' || images)::uuid, 'images ' || images, projects.id, 0
from projects, unnest(%(images)s::int[]) as images
"""
_LINKS = """
insert into shot_generations (id, shot_id, generation_id, timeline_frame, metadata)
select
    md5('link ' || number)::uuid, md5('shot ' || number / 40)::uuid,
    md5('generation ' || number %% %(generations)s::int)::uuid,
    case when number %% 11 > 0 then number %% 40 * 50 end,
    '{"user_positioned": true, "frame_spacing": 50, "pair_prompt": "wind moves the grass"}'::jsonb
from generate_series(0, %(links)s::int - 1) as number
union all
select
    md5('image ' || images || ' ' || number)::uuid, md5('images ' || images)::uuid,
    md5('generation ' || number * (%(generations)s::int / images) %% %(generations)s::int)::uuid,
    number * 50,
    '{"user_positioned": true, "frame_spacing": 50, "pair_prompt": "wind moves the grass"}'::jsonb
from unnest(%(images)s::int[]) as images, generate_series(0, images - 1) as number
"""
# One address in ten is signed. Params are those of real tasks, each with texts of its own.
_GENERATIONS = """
with templates as (
    select array_agg(value) as params from jsonb_array_elements(%(templates)s::jsonb)
),
documents as (
    select generation_id, jsonb_object_agg(shot_id, frames) as document
    from (
        select generation_id, shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
        from shot_generations group by generation_id, shot_id
    ) as cell
    group by generation_id
)
insert into generations (
    id, project_id, params, location, thumbnail_url, type, created_at, shot_data, primary_variant_id
)
select
    made.id, projects.id,
    case when %(params)s then
        templates.params[1 + number %% cardinality(templates.params)]
        || jsonb_build_object('seed', number, 'prompt', md5('prompt ' || number))
    else '{}'::jsonb end,
    concat(
        'https://media.example.com/storage/v1/object/public/image_uploads/',
        projects.user_id, '/uploads/', number, '.png',
        case when number %% 10 = 0 then '?token=' || md5('token ' || number) end
    ),
    concat(
        'https://media.example.com/storage/v1/object/public/image_uploads/',
        projects.user_id, '/thumbnails/', number, '.jpg'
    ),
    'image', timestamptz '2026-01-01' + number * interval '1 minute', coalesce(document, '{}'),
    md5('variant ' || number)::uuid
from projects, templates, generate_series(0, %(generations)s::int - 1) as number
cross join lateral (select md5('generation ' || number)::uuid) as made (id)
left join documents on generation_id = made.id
"""
# One in a hundred of those in a shot, in eight ways; the classes that the audit knows.
_SPOIL = """
update generations as g set shot_data = case place % 8
    when 0 then '{}'
    when 1 then g.shot_data || '{"00000000-0000-4000-8000-000000000000": [0]}'
    when 2 then jsonb_set(g.shot_data, array[key], '[7]')
    when 3 then jsonb_set(g.shot_data, array[key], (g.shot_data -> key) || '[99]')
    when 4 then jsonb_set(g.shot_data, array[key], '["50"]')
    when 5 then jsonb_set(g.shot_data, array[key], '12')
    when 6 then g.shot_data || '{"first shot": [0]}'
    else '"gone"' end
from (
    select
        id,
        row_number() over (order by id) as place,
        (select min(k) from jsonb_object_keys(shot_data) as k) as key
    from generations where shot_data <> '{}'
) as chosen
where chosen.id = g.id and place % 100 = 0
"""


@dataclass(frozen=True)
class World:
    """How many generations and links, with or without 7 KB of params, and shots of how many images."""

    generations: int
    links: int
    params: bool = True
    images: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Its database's name."""
        images = "_".join(map(str, self.images))
        kind = "params" if self.params else "bare"
        return f"bench_{self.generations}_{self.links}_{kind}_{images}_scratch"

    def __str__(self) -> str:
        params = ", params of 7 KB" if self.params else ""
        return f"{self.generations:,} generations, {self.links:,} links{params}"


def conninfo_of(cluster: Cluster, world: World) -> str:
    """Return the address of a world's database, which is filled where it is not there yet."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
        there = admin.execute("select 1 from pg_database where datname = %s", (world.name,)).fetchone()
        if not there:
            making = f"{world.name}_making"
            admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(making)))
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(making)))
            _fill(cluster.conninfo(making), world)
            admin.execute(
                sql.SQL("alter database {} rename to {}").format(
                    sql.Identifier(making), sql.Identifier(world.name)
                )
            )
    return cluster.conninfo(world.name)


def copied(cluster: Cluster, world: World, *, spoil: bool) -> tuple[str, int]:
    """Return the address of a copy, one document in a hundred wrong if `spoil`, and how many that are."""
    name = f"copy_{world.name}"
    dropped(cluster, world)
    with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("create database {} template {} strategy {}").format(
                sql.Identifier(name), sql.Identifier(world.name), sql.Identifier(_strategy(world))
            )
        )
    with psycopg.connect(cluster.conninfo(name), autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        wrong = owner.execute(_SPOIL).rowcount if spoil else 0
        owner.execute("vacuum analyze")
    return cluster.conninfo(name), wrong


def _strategy(world: World) -> str:
    """Return how to copy: by the log, or for what is large by files, which waits for a checkpoint."""
    return "wal_log" if world.links < _LARGE else "file_copy"


def dropped(cluster: Cluster, world: World) -> None:
    """Drop the copy again."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
        copy = sql.Identifier(f"copy_{world.name}")
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(copy))


def _fill(conninfo: str, world: World) -> None:
    database = Database(conninfo)
    push(database)
    database.close()
    given = {
        "generations": world.generations,
        "links": world.links,
        "images": list(world.images),
        "params": world.params,
        "templates": f"[{','.join(sample.text for sample in samples())}]",
    }
    with psycopg.connect(conninfo, autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        # Rows first, indexes and documents from the whole: a tenth of the time.
        owner.execute(
            "set session_replication_role = replica; "
            "set maintenance_work_mem = '256MB'; set work_mem = '64MB'"
        )
        indexes = owner.execute(_SECONDARY, {}).fetchall()
        for name, _ in indexes:
            owner.execute(sql.SQL("drop index public.{}").format(sql.Identifier(name)))
        for statement in (_OWNERS, _SHOTS, _LINKS, _GENERATIONS):
            owner.execute(statement, given)
        for _, definition in indexes:
            owner.execute(definition)
        owner.execute("vacuum analyze")
        owner.execute("checkpoint")
