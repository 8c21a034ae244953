"""What must hold of the demo's rows: a name, and a query that returns what breaks it."""

import psycopg

BROKEN = {
    "shot_data equals the links": """
        select g.id from generations g
        left join (
            select generation_id, jsonb_object_agg(shot_id, frames) as expected
            from (
                select generation_id, shot_id,
                    jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
                from shot_generations group by 1, 2
            ) as shots
            group by 1
        ) as links on links.generation_id = g.id
        where g.shot_data is distinct from coalesce(expected, '{}')""",
    "a generation has exactly one primary variant and names it": """
        select g.id from generations g
        left join generation_variants v on v.generation_id = g.id and v.is_primary
        group by g.id
        having count(v.id) <> 1 or g.primary_variant_id is distinct from min(v.id::text)::uuid""",
    "a generation has one to four variants": """
        select generation_id from generation_variants group by 1 having count(*) not between 1 and 4""",
    "a generation has one original": """
        select generation_id from generation_variants group by 1
        having count(*) filter (where variant_type = 'original') <> 1""",
    "a generation shows its primary variant": """
        select g.id from generations g join generation_variants v on v.id = g.primary_variant_id
        where (g.location, g.thumbnail_url, g.params, g.name, g.project_id)
            is distinct from (v.location, v.thumbnail_url, v.params, v.name, v.project_id)""",
    "a variant is in its generation's project": """
        select v.id from generation_variants v join generations g on g.id = v.generation_id
        where v.project_id is distinct from g.project_id""",
    "a link joins a shot and a generation of one project": """
        select l.id from shot_generations l join shots s on s.id = l.shot_id
        join generations g on g.id = l.generation_id where s.project_id <> g.project_id""",
    "two links of a shot never share a frame": """
        select shot_id from shot_generations where timeline_frame is not null
        group by shot_id, timeline_frame having count(*) > 1""",
    "frames are not negative, start at 0 and leave no gap over 81": """
        select shot_id from (
            select shot_id, timeline_frame - coalesce(lag(timeline_frame) over (
                partition by shot_id order by timeline_frame), 0) as gap,
                row_number() over (partition by shot_id order by timeline_frame) as place
            from shot_generations where timeline_frame is not null) as gaps
        where gap < 0 or gap > 81 or (place = 1 and gap <> 0)""",
    "metadata is an object or absent": """
        select id from shot_generations where jsonb_typeof(metadata) <> 'object'""",
    "a child has a parent that is a film of its project, in the order of its own": """
        select c.id from generations c left join generations p on p.id = c.parent_generation_id
        where c.is_child <> (c.parent_generation_id is not null) or c.is_child <> (c.child_order is not null)
            or (c.is_child and (p.type <> 'video' or p.is_child or p.project_id <> c.project_id))""",
    "no two children of a parent share their order": """
        select parent_generation_id from generations where is_child
        group by parent_generation_id, child_order having count(*) > 1""",
    "a segment starts at a positioned image of the shot that its parent is in": """
        select c.id from generations c left join shot_generations l on l.id = c.pair_shot_generation_id
        left join generations i on i.id = l.generation_id
        where c.is_child and (l.timeline_frame is null or i.type <> 'image' or not exists (
            select from shot_generations p
            where p.generation_id = c.parent_generation_id and p.shot_id = l.shot_id))""",
    "a lineage goes back in time, inside its project": """
        select g.id from generations g join generations o on o.id = g.based_on
        where o.created_at >= g.created_at or o.project_id <> g.project_id""",
    "a type fits its extension": """
        select id from generations where (type = 'video') <> (location like '%.webm')""",
    "a path is below its owner's id": """
        select path from (
            select g.location as path, p.user_id from generations g join projects p on p.id = g.project_id
            union all select g.thumbnail_url, p.user_id from generations g
                join projects p on p.id = g.project_id
            union all select v.location, p.user_id from generation_variants v
                join projects p on p.id = v.project_id
            union all select v.thumbnail_url, p.user_id from generation_variants v
                join projects p on p.id = v.project_id
            union all select t.output_location, p.user_id from tasks t join projects p on p.id = t.project_id
        ) as paths
        where path not like '/storage/v1/object/public/image_uploads/' || user_id || '/%'
        union all select name from storage.objects where name not like owner || '/%'""",
    "credits are the ledger's sum and were never overdrawn": """
        select u.id::text from users u left join credits_ledger l on l.user_id = u.id
        group by u.id having u.credits <> coalesce(sum(l.amount), 0) or u.credits < 0""",
    "a task is spent for once at most, by its project's owner, and paid back only when it failed": """
        select l.task_id::text from credits_ledger l join tasks t on t.id = l.task_id
        join projects p on p.id = t.project_id
        group by l.task_id
        having count(*) filter (where l.type = 'spend') <> 1 or count(distinct l.type) <> count(*)
            or bool_or(l.user_id <> p.user_id) or bool_or(l.type = 'refund' and t.status <> 'Failed')
            or bool_or(sign(l.amount) <> case l.type when 'spend' then -1 else 1 end)""",
    "a complete task has its output, and no other one": """
        select id from tasks where (status = 'Complete') <> (output_location is not null)""",
    "a task depends on tasks that are there": """
        select t.id from tasks t cross join unnest(t.dependant_on) as needed
        where not exists (select from tasks o where o.id = needed)""",
    "a generation names tasks that are there": """
        select g.id from generations g cross join jsonb_array_elements_text(g.tasks) as named
        where not exists (select from tasks t where t.id = named::uuid)""",
    "no two shots of a project share their position": """
        select project_id from shots group by project_id, position having count(*) > 1""",
    "nothing is dated by the clock of the machine": """
        select id::text from generations where created_at > '2050-01-01' or created_at < '2026-01-19'
        union all select id::text from shot_generations where updated_at <> created_at
        union all select id::text from shots where updated_at <> created_at""",
}  # fmt: skip

_REFERENCES = """
    select format(
        'select %L from %s as own where %I is not null '
        'and not exists (select from %s as other where other.%I = own.%I)',
        c.conname, c.conrelid::regclass, a.attname, c.confrelid::regclass, b.attname, a.attname)
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
    where c.contype = 'f' and c.connamespace in ('public'::regnamespace, 'storage'::regnamespace)"""


def broken(connection: psycopg.Connection) -> dict[str, int]:
    """Which rules do not hold, for how many rows; among them the foreign keys, which a bulk load bypasses."""
    counts = {rule: len(connection.execute(query).fetchall()) for rule, query in BROKEN.items()}
    references = [query for (query,) in connection.execute(_REFERENCES).fetchall()]
    assert len(references) >= 14
    counts |= {query: len(connection.execute(query).fetchall()) for query in references}
    return {rule: count for rule, count in counts.items() if count}
