-- delete_generation: delete a generation, and with it its links.
-- takes: id
delete from public.generations where id = %(id)s::uuid
