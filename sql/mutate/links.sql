-- links: the links of a shot, without locking any.
-- takes: shot_id
select
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    extract(epoch from coalesce(l.created_at, 'infinity'))::float8 as created,
    l.xmin::text as version,
    g.type,
    g.location
from public.shot_generations as l
left join public.generations as g on g.id = l.generation_id
where l.shot_id = %(shot_id)s::uuid
order by l.id
