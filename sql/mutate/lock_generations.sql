-- lock_generations: lock these generations in id order, before shot_data is rebuilt from their links.
-- takes: generation_ids
select g.id::text as id, g.project_id::text as project_id
from public.generations as g
where g.id = any(%(generation_ids)s::uuid[])
order by g.id
for no key update
