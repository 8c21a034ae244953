-- read_primary_variant_id: what these rows of generations hold there, each column as its own text.
-- takes: ids
select id::text as id, jsonb_build_object('primary_variant_id', primary_variant_id)::text as held
from public.generations
where id = any(%(ids)s::uuid[])
order by id
