-- shots: the shots that are missing.
-- takes: rows
insert into public.shots (id, name, project_id, position, aspect_ratio, created_at, updated_at)
select id, name, project_id, position, aspect_ratio, created_at, created_at
from jsonb_to_recordset(%(rows)s::jsonb)
    as wanted (id uuid, name text, project_id uuid, position integer, aspect_ratio text, created_at timestamptz)
on conflict do nothing
