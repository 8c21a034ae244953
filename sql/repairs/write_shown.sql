-- write_shown: give these generations what is wanted of what they show, each column as its own text.
-- takes: ids, wanted
-- writes: generations(location, thumbnail_url, name, params)
--
-- All in one statement: a trigger that copies the row to its variant would else copy what is still wrong.
update public.generations as held
set
    location = case when new.wanted ? 'location' then new.wanted ->> 'location' else held.location end,
    thumbnail_url = case when new.wanted ? 'thumbnail_url' then new.wanted ->> 'thumbnail_url' else held.thumbnail_url end,
    name = case when new.wanted ? 'name' then new.wanted ->> 'name' else held.name end,
    params = case when new.wanted ? 'params' then (new.wanted ->> 'params')::jsonb else held.params end
from unnest(%(ids)s::uuid[], %(wanted)s::jsonb[]) as new (id, wanted)
where held.id = new.id
