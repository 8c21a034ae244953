-- drag: give a link its frame, and say that its user did.
-- takes: id, frame
update public.shot_generations
set timeline_frame = %(frame)s::integer, metadata = '{"user_positioned": true, "drag_source": "proof"}'
where id = %(id)s::uuid
