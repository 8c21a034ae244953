-- overwrite: write shot_data past the links.
-- takes: id
update public.generations set shot_data = '{}' where id = %(id)s::uuid
