-- generations: the generations that are missing; returns which were.
-- takes: rows
insert into public.generations (
    id, project_id, type, location, thumbnail_url, params, name, created_at, starred, tasks, based_on,
    parent_generation_id, child_order, is_child, primary_variant_id, pair_shot_generation_id, shot_data
)
select
    id, project_id, type, location, thumbnail_url, params, name, created_at, starred, tasks, based_on,
    parent_generation_id, child_order, is_child, primary_variant_id, pair_shot_generation_id, shot_data
from jsonb_to_recordset(%(rows)s::jsonb) as wanted (
    id uuid, project_id uuid, type text, location text, thumbnail_url text, params_key integer, name text,
    created_at timestamptz, starred boolean, tasks jsonb, based_on uuid, parent_generation_id uuid,
    child_order integer, is_child boolean, primary_variant_id uuid, pair_shot_generation_id uuid, shot_data jsonb
)
join pg_temp.demo_params on demo_params.key = wanted.params_key
on conflict do nothing
returning id::text as generation_id
