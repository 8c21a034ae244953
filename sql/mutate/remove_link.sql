-- remove_link: delete one link of a shot and give others their frames; returns what is gone, and what is now stored.
-- takes: shot_id, removed, ids, frames, source, op_id
with gone as (
    delete from public.shot_generations as l
    where l.id = %(removed)s::uuid and l.shot_id = %(shot_id)s::uuid
    returning l.*
),

moved as (
    update public.shot_generations as l
    set
        timeline_frame = asked.frame,
        metadata = case when jsonb_typeof(l.metadata) = 'object' then l.metadata else '{}' end || jsonb_build_object(
            'user_positioned', true, 'drag_source', %(source)s::text, 'drag_session_id', %(op_id)s::text
        ),
        updated_at = clock_timestamp()
    from unnest(%(ids)s::uuid[], %(frames)s::integer[]) as asked (id, frame)
    where l.id = asked.id and l.shot_id = %(shot_id)s::uuid
    returning l.*
)

select
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at,
    l.metadata ->> 'drag_session_id' as op_id,
    l.removed
from (select moved.*, false as removed from moved union all select gone.*, true from gone) as l
