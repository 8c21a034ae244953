-- read_is_primary: what these rows of generation_variants hold there, each column as its own text.
-- takes: ids
select id::text as id, jsonb_build_object('is_primary', is_primary::text)::text as held
from public.generation_variants
where id = any(%(ids)s::uuid[])
order by id
