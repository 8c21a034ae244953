-- create_shot: make a shot, whose id is the operation's, behind the last of its project; returns what is now stored.
-- takes: op_id, project_id, name, source
--
-- With a source, the settings and the aspect ratio are that shot's.
with wanted as (
    select
        behind.position,
        case when %(source)s::uuid is null then '{}' else original.settings end as settings,
        original.aspect_ratio
    from (
        select coalesce(max(s.position), 0) + 1 as position
        from public.shots as s where s.project_id = %(project_id)s::uuid
    ) as behind
    left join public.shots as original on original.id = %(source)s::uuid
),

made as (
    insert into public.shots (id, project_id, name, position, settings, aspect_ratio)
    select
        %(op_id)s::uuid, %(project_id)s::uuid, %(name)s::text, wanted.position, wanted.settings, wanted.aspect_ratio
    from wanted
    returning *
)

select
    made.id::text as id,
    made.project_id::text as project_id,
    made.name,
    (made.position, made.settings, made.aspect_ratio)
    is not distinct from (wanted.position, wanted.settings, wanted.aspect_ratio) as "position and settings kept"
from made
cross join wanted
