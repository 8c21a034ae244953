-- phase_two: the links of one shot, with what changes need.
-- takes: shot_id
-- prepared: one plan serves every shot
select
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at
from public.shot_generations as l
where l.shot_id = %(shot_id)s::uuid
order by l.timeline_frame nulls last, l.created_at, l.id
