-- write_primary_variant_id: give these rows of generations what is wanted there, each column as its own text.
-- takes: ids, wanted
-- writes: generations(primary_variant_id)
update public.generations as held
set
    primary_variant_id = (new.wanted ->> 'primary_variant_id')::uuid
from unnest(%(ids)s::uuid[], %(wanted)s::jsonb[]) as new (id, wanted)
where held.id = new.id
