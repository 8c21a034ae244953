-- lock_generations: lock these generations in id order, before shot_data is rebuilt from their links.
-- takes: generation_ids
select id::text as id, project_id::text as project_id
from public.generations
where id = any(%(generation_ids)s::uuid[])
order by id
for no key update
