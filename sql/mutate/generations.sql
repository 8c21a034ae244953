-- generations: the projects of these generations, without locking any.
-- takes: generation_ids
select id::text as id, project_id::text as project_id
from public.generations
where id = any(%(generation_ids)s::uuid[])
order by id
