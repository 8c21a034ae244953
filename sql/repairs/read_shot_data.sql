-- read_shot_data: what these rows of generations hold there, each column as its own text.
-- takes: ids
select id::text as id, jsonb_build_object('shot_data', shot_data::text)::text as held
from public.generations
where id = any(%(ids)s::uuid[])
order by id
