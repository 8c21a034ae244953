-- rehome: let a link be in another shot.
-- takes: id, shot_id
update public.shot_generations set shot_id = %(shot_id)s::uuid where id = %(id)s::uuid
