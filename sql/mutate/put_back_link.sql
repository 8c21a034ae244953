-- put_back_link: insert a link as it was and give others their frames; returns what is now stored.
-- takes: shot_id, row, ids, frames, source, op_id
with back as (
    insert into public.shot_generations
    select (jsonb_populate_record(null::public.shot_generations, %(row)s::jsonb)).*
    returning *
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
    l.is_back,
    l.is_back and (to_jsonb(l) - '{updated_at,is_back}'::text[]) = (%(row)s::jsonb - 'updated_at') as kept
from (select moved.*, false as is_back from moved union all select back.*, true from back) as l
