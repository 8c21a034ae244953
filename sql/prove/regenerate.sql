-- regenerate: let a link be of another generation.
-- takes: id, generation_id
update public.shot_generations set generation_id = %(generation_id)s::uuid where id = %(id)s::uuid
