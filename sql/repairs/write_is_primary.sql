-- write_is_primary: give these rows of generation_variants what is wanted there, each column as its own text.
-- takes: ids, wanted
-- writes: generation_variants(is_primary)
update public.generation_variants as held
set
    is_primary = (new.wanted ->> 'is_primary')::boolean
from unnest(%(ids)s::uuid[], %(wanted)s::jsonb[]) as new (id, wanted)
where held.id = new.id
