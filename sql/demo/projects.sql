-- projects: the projects that are missing.
-- takes: rows
insert into public.projects (id, name, user_id, aspect_ratio, created_at)
select id, name, user_id, aspect_ratio, created_at
from jsonb_to_recordset(%(rows)s::jsonb)
    as wanted (id uuid, name text, user_id uuid, aspect_ratio text, created_at timestamptz)
on conflict do nothing
