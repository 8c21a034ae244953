-- generations: the generations of these projects, as stored.
-- takes: project_ids
select to_jsonb(g)::text as row
from public.generations as g
where g.project_id = any(%(project_ids)s::uuid[])
order by g.id
