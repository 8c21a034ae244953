-- frame: where a link is.
-- takes: id
select timeline_frame as frame from public.shot_generations where id = %(id)s::uuid
