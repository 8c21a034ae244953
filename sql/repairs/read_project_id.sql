-- read_project_id: what these rows of generation_variants hold there, each column as its own text.
-- takes: ids
select id::text as id, jsonb_build_object('project_id', project_id)::text as held
from public.generation_variants
where id = any(%(ids)s::uuid[])
order by id
