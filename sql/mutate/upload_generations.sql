-- upload_generations: insert the generations of uploaded files, in their order.
-- takes: project_id, rows
insert into public.generations (id, project_id, type, location, thumbnail_url, name, params, created_at)
select
    r.id, %(project_id)s::uuid, r.type, r.location, r.thumbnail_url, r.name, r.params,
    now() + r.number * interval '1 microsecond'
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    number integer, id uuid, type text, location text, thumbnail_url text, name text, params jsonb
)
order by r.number
