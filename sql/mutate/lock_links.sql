-- lock_links: the links of a shot and what they show, locked in id order, so that two writers never wait for each other.
-- takes: shot_id
select
    l.id::text as id,
    l.timeline_frame,
    l.generation_id::text as generation_id,
    date_part('epoch', coalesce(l.created_at, 'infinity')) as created,
    l.xmin::text as version,
    g.type,
    g.location
from public.shot_generations as l
left join public.generations as g on g.id = l.generation_id
where l.shot_id = %(shot_id)s::uuid
order by l.id
for no key update of l
