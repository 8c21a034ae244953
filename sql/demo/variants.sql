-- variants: the variants that are missing, primary where no other one is; returns whose.
-- takes: rows
insert into public.generation_variants (
    id, generation_id, project_id, location, thumbnail_url, params, is_primary, variant_type, name, created_at,
    viewed_at, starred
)
select
    id, generation_id, project_id, location, thumbnail_url, params,
    is_primary and not exists (
        select from public.generation_variants as other
        where other.generation_id = wanted.generation_id and other.is_primary
    ),
    variant_type, name, created_at, viewed_at, starred
from jsonb_to_recordset(%(rows)s::jsonb) as wanted (
    id uuid, generation_id uuid, project_id uuid, location text, thumbnail_url text, params_key integer,
    is_primary boolean, variant_type text, name text, created_at timestamptz, viewed_at timestamptz, starred boolean
)
join pg_temp.demo_params on demo_params.key = wanted.params_key
on conflict do nothing
returning generation_id::text as generation_id
