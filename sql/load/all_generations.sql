-- all_generations: every generation that has a location, in no order: sorting and counting a row at a time cost the server more than reading.
-- takes: children, videos, starred, edits_only, in_no_shot
-- An older schema keeps no viewed_at: the bare name then means era.viewed_at, and nothing counts as unviewed.
select
    g.id::uuid as generation_id,
    g.project_id::uuid as project_id,
    g.location,
    coalesce(nullif(g.thumbnail_url, ''), g.location) as thumbnail_url,
    coalesce(g.type, 'image') as type,
    g.name,
    g.starred,
    g.created_at,
    g.based_on::uuid as based_on,
    g.parent_generation_id::uuid as parent_generation_id,
    g.is_child,
    g.child_order,
    g.primary_variant_id::uuid as primary_variant_id,
    coalesce(counted.variants, 0) as derived_count,
    coalesce(counted.unviewed, 0) as unviewed_count
from public.generations as g
left join (
    select seen.generation_id, count(*) as variants, count(*) filter (where seen.viewed_at is null) as unviewed
    from (select now() as viewed_at) as era
    cross join lateral (select v.generation_id, viewed_at from public.generation_variants as v) as seen
    group by seen.generation_id
) as counted on counted.generation_id = g.id
where g.location is not null
    and g.is_child = %(children)s::boolean
    and (%(videos)s::boolean is null or %(videos)s::boolean = (coalesce(g.type, '') like '%%video%%' or split_part(split_part(g.location, '?', 1), '#', 1) ~* '\.(mp4|webm|mov)$'))
    and (not %(starred)s::boolean or g.starred)
    and (not %(edits_only)s::boolean or g.based_on is not null)
    and (not %(in_no_shot)s::boolean or g.shot_data is null or g.shot_data = '{}')
