-- add: put a generation into a shot.
-- takes: id, shot_id, generation_id, frame
insert into public.shot_generations (id, shot_id, generation_id, timeline_frame)
values (%(id)s::uuid, %(shot_id)s::uuid, %(generation_id)s::uuid, %(frame)s::integer)
