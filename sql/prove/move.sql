-- move: give a link its frame.
-- takes: id, frame
update public.shot_generations set timeline_frame = %(frame)s::integer where id = %(id)s::uuid
