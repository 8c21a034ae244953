-- shots: the shots that the user may see, by project and position, with the numbers of their links.
-- takes: project_id
select
    s.id::text as id,
    s.name,
    s.project_id::text as project_id,
    p.name as project,
    s.position,
    s.aspect_ratio,
    s.created_at,
    s.updated_at,
    counted.links,
    counted.positioned
from public.shots as s
left join public.projects as p on p.id = s.project_id
cross join lateral (
    select
        count(*) as links,
        count(*) filter (where l.timeline_frame >= 0) as positioned
    from public.shot_generations as l
    where l.shot_id = s.id
) as counted
where %(project_id)s::uuid is null or s.project_id = %(project_id)s::uuid
order by p.created_at desc, s.project_id, s.position, s.created_at, s.id
