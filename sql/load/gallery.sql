-- gallery: generations that have a location, newest first, filtered; children by their order.
-- takes: project_id, children, parent_id, videos, starred, edits_only, shot_id, unpositioned, in_no_shot, prompt, limit
-- A filter that is NULL or false is folded away when the statement is planned, so params are read for `prompt` alone.
-- An older schema keeps no viewed_at: the bare name then means era.viewed_at, and nothing counts as unviewed.
select
    g.id::text as generation_id,
    g.project_id::text as project_id,
    g.location,
    coalesce(nullif(g.thumbnail_url, ''), g.location) as thumbnail_url,
    coalesce(g.type, 'image') as type,
    g.name,
    g.starred,
    g.created_at,
    g.based_on::text as based_on,
    g.parent_generation_id::text as parent_generation_id,
    g.is_child,
    g.child_order,
    g.primary_variant_id::text as primary_variant_id,
    (
        select count(*) from public.generation_variants as v where v.generation_id = g.id
    ) as derived_count,
    (
        select count(*)
        from (select viewed_at from public.generation_variants as v where v.generation_id = g.id) as seen
        where seen.viewed_at is null
    ) as unviewed_count
from public.generations as g
cross join (select now() as viewed_at) as era
where g.location is not null
    and (%(project_id)s::uuid is null or g.project_id = %(project_id)s::uuid)
    and (
        case when %(parent_id)s::uuid is null then g.is_child = %(children)s::boolean
        else g.parent_generation_id = %(parent_id)s::uuid end
    )
    and (%(videos)s::boolean is null or %(videos)s::boolean = (coalesce(g.type, '') like '%%video%%' or split_part(split_part(g.location, '?', 1), '#', 1) ~* '\.(mp4|webm|mov)$'))
    and (not %(starred)s::boolean or g.starred)
    and (not %(edits_only)s::boolean or g.based_on is not null)
    and (%(shot_id)s::text is null or g.shot_data ? %(shot_id)s::text)
    and (
        not %(unpositioned)s::boolean
        or not jsonb_path_exists(g.shot_data -> %(shot_id)s::text, 'lax $[*] ? (@.type() == "number")')
    )
    and (not %(in_no_shot)s::boolean or g.shot_data is null or g.shot_data = '{}')
    and (
        %(prompt)s::text is null
        or coalesce(
            g.params #>> '{originalParams,orchestrator_details,prompt}',
            g.params ->> 'prompt',
            g.params #>> '{metadata,prompt}'
        ) ilike %(prompt)s::text
    )
order by
    case when %(parent_id)s::uuid is not null or %(children)s::boolean then g.parent_generation_id end,
    case when %(parent_id)s::uuid is not null or %(children)s::boolean then g.child_order end,
    g.created_at desc,
    g.id
limit %(limit)s::bigint
