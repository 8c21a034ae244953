-- write_project_id: give these rows of generation_variants what is wanted there, each column as its own text.
-- takes: ids, wanted
-- writes: generation_variants(project_id)
update public.generation_variants as held
set
    project_id = (new.wanted ->> 'project_id')::uuid
from unnest(%(ids)s::uuid[], %(wanted)s::jsonb[]) as new (id, wanted)
where held.id = new.id
