-- pair_again: let these generations' pair begin at a link that is there again.
-- takes: id, generation_ids
update public.generations
set pair_shot_generation_id = %(id)s::uuid
where id = any(%(generation_ids)s::uuid[]) and pair_shot_generation_id is null
    and exists (select from public.shot_generations as l where l.id = %(id)s::uuid)
