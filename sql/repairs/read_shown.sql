-- read_shown: what these generations show, each column as its own text.
-- takes: ids
select
    id::text as id,
    jsonb_build_object(
        'location', location, 'thumbnail_url', thumbnail_url, 'name', name, 'params', params::text
    )::text as held
from public.generations
where id = any(%(ids)s::uuid[])
order by id
