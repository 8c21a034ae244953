-- heal: write what these generations' links say of a shot into their shot_data, NULL for no entry.
-- takes: shot_id, generation_ids, frames
update public.generations as g
set shot_data = case
    when expected.frames is null then g.shot_data - %(shot_id)s::text
    else
        case jsonb_typeof(g.shot_data) when 'object' then g.shot_data else '{}' end
        || jsonb_build_object(%(shot_id)s::text, expected.frames)
end
from unnest(%(generation_ids)s::uuid[], %(frames)s::jsonb[]) as expected (id, frames)
where g.id = expected.id
