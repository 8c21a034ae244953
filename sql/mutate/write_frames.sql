-- write_frames: give each of these links of a shot its frame; returns what is now stored.
-- takes: shot_id, ids, frames, source, op_id
-- prepared: planned once a session, as somebody waits for it
--
-- Of the metadata only three keys are touched: whoever writes prompts meanwhile keeps them. The generations, whose
-- shot_data a trigger rebuilds, are locked first and in id order, so that two writers never wait for each other.
with homes as materialized (
    select g.id from public.generations as g
    where g.id = any(array(
        select l.generation_id from public.shot_generations as l
        where l.id = any(%(ids)s::uuid[]) and l.shot_id = %(shot_id)s::uuid
    ))
    order by g.id
    for no key update
)

update public.shot_generations as l
set
    timeline_frame = asked.frame,
    metadata = case when jsonb_typeof(l.metadata) = 'object' then l.metadata else '{}' end || jsonb_build_object(
        'user_positioned', true, 'drag_source', %(source)s::text, 'drag_session_id', %(op_id)s::text
    ),
    updated_at = clock_timestamp()
from unnest(%(ids)s::uuid[], %(frames)s::integer[]) as asked (id, frame)
where l.id = asked.id and l.shot_id = %(shot_id)s::uuid and (select count(*) from homes) >= 0
returning
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at,
    l.metadata ->> 'drag_session_id' as op_id,
    false as removed
