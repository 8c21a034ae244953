-- generations: the projects of these generations, without locking any.
-- takes: generation_ids
select g.id::text as id, g.project_id::text as project_id
from public.generations as g
where g.id = any(%(generation_ids)s::uuid[])
order by g.id
