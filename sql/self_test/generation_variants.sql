-- generation_variants: the variants of these projects' generations, as stored.
-- takes: project_ids
select to_jsonb(v)::text as row
from public.generation_variants as v
where v.generation_id in (select id from public.generations where project_id = any(%(project_ids)s::uuid[]))
order by v.id
