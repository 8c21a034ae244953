-- lock_places: the links of a shot without what they show, locked as lock_links does, for half of the cost.
-- takes: shot_id
-- prepared: planned once a session, as somebody waits for it
select
    l.id::text as id,
    l.timeline_frame,
    l.generation_id::text as generation_id,
    date_part('epoch', coalesce(l.created_at, 'infinity')) as created,
    l.xmin::text as version
from public.shot_generations as l
where l.shot_id = %(shot_id)s::uuid
order by l.id
for no key update
