-- variants: the variants of one generation, the primary one first, then newest first.
-- takes: generation_id
-- Older schemas keep no viewed_at or starred: the bare names then mean those of era.
select
    v.id::text as id,
    v.generation_id::text as generation_id,
    v.location,
    coalesce(nullif(v.thumbnail_url, ''), v.location) as thumbnail_url,
    v.is_primary,
    v.variant_type,
    v.name,
    v.created_at,
    v.project_id::text as project_id,
    newer.viewed_at,
    newer.starred
from (select null::timestamptz as viewed_at, false as starred) as era
cross join public.generation_variants as v
cross join lateral (
    select viewed_at, starred from public.generation_variants as same where same.id = v.id
) as newer
where v.generation_id = %(generation_id)s::uuid
order by v.is_primary desc, v.created_at desc, v.id
