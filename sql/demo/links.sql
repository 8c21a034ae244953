-- links: the links that are missing; returns whose.
-- takes: rows
insert into public.shot_generations
    (id, shot_id, generation_id, timeline_frame, metadata, created_at, updated_at)
select id, shot_id, generation_id, timeline_frame, metadata, created_at, created_at
from jsonb_to_recordset(%(rows)s::jsonb) as wanted (
    id uuid, shot_id uuid, generation_id uuid, timeline_frame integer, metadata jsonb, created_at timestamptz
)
on conflict do nothing
returning generation_id::text as generation_id
