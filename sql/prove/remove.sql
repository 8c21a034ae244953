-- remove: delete a link.
-- takes: id
delete from public.shot_generations where id = %(id)s::uuid
