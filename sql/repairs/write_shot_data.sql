-- write_shot_data: give these rows of generations what is wanted there, each column as its own text.
-- takes: ids, wanted
-- writes: generations(shot_data)
update public.generations as held
set
    shot_data = (new.wanted ->> 'shot_data')::jsonb
from unnest(%(ids)s::uuid[], %(wanted)s::jsonb[]) as new (id, wanted)
where held.id = new.id
