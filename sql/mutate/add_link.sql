-- add_link: put a generation into a shot as a new link, whose id is the operation's; returns what is now stored.
-- takes: shot_id, generation_id, frame, source, op_id
insert into public.shot_generations as l (id, shot_id, generation_id, timeline_frame, metadata)
values (
    %(op_id)s::uuid,
    %(shot_id)s::uuid,
    %(generation_id)s::uuid,
    %(frame)s::integer,
    case when %(frame)s::integer is null then '{}' else jsonb_build_object(
        'user_positioned', true, 'drag_source', %(source)s::text, 'drag_session_id', %(op_id)s::text
    ) end
)
returning
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at
