-- upload_links: put new generations into a shot; returns what is now stored.
-- takes: shot_id, rows, op_id
insert into public.shot_generations as l (id, shot_id, generation_id, timeline_frame, metadata)
select
    r.link_id,
    %(shot_id)s::uuid,
    r.id,
    r.frame,
    case when r.frame is null then '{}' else jsonb_build_object(
        'user_positioned', true, 'drag_source', 'upload', 'drag_session_id', %(op_id)s::text
    ) end
from jsonb_to_recordset(%(rows)s::jsonb) as r (number integer, id uuid, link_id uuid, frame integer)
order by r.number
returning
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at
