-- variants_in_one_project: where a variant names another project than its generation is in, and which that is.
-- takes: generation_ids
select
    g.id::text as generation_id,
    v.id::text as key,
    v.project_id::text as found_stored,
    g.project_id::text as found_expected,
    'generation_variants' as table_name,
    v.id::text as id,
    'project_id' as column_name,
    v.project_id::text as stored,
    g.project_id::text as expected,
    null as refused
from public.generations as g
inner join public.generation_variants as v on v.generation_id = g.id
where g.id = any(%(generation_ids)s::uuid[]) and v.project_id <> g.project_id
order by v.id
