-- gallery: generations that have a location, newest first, filtered; children by their order.
-- takes: project_id, children, parent_id, videos, starred, edits_only, shot_id, unpositioned, in_no_shot, prompt, limit
-- An older schema keeps no viewed_at: the bare name then means era.viewed_at, and nothing counts as unviewed.
select
    g.id as generation_id,
    g.project_id,
    g.location,
    coalesce(nullif(g.thumbnail_url, ''), g.location) as thumbnail_url,
    coalesce(g.type, 'image') as type,
    g.name,
    g.starred,
    g.created_at,
    g.based_on,
    g.parent_generation_id,
    g.is_child,
    g.child_order,
    g.primary_variant_id,
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
    and (%(project_id)s::varchar is null or g.project_id = %(project_id)s::varchar)
    and (
        case when %(parent_id)s::varchar is null then g.is_child = %(children)s::boolean
        else g.parent_generation_id = %(parent_id)s::varchar end
    )
    and (%(videos)s::boolean is null or %(videos)s::boolean = (coalesce(g.type, '') like '%%video%%' or regexp_matches(split_part(split_part(g.location, '?', 1), '#', 1), '\.(mp4|webm|mov)$', 'i')))
    and (not %(starred)s::boolean or g.starred)
    and (not %(edits_only)s::boolean or g.based_on is not null)
    and (
        %(shot_id)s::varchar is null
        or json_exists(g.shot_data, '$."' || %(shot_id)s::varchar || '"')
    )
    and (
        not %(unpositioned)s::boolean
        -- A number in the list, in a list of it, or in its place; not one inside a text.
        or not regexp_matches(
            cast(json_extract(g.shot_data, '$."' || %(shot_id)s::varchar || '"') as varchar),
            '^\[{0,2}([^"\[{]*,\[?)?-?[0-9]'
        )
    )
    and (not %(in_no_shot)s::boolean or g.shot_data is null or g.shot_data = '{}')
    and (
        %(prompt)s::varchar is null
        or coalesce(
            json_extract_string(g.params, '$.originalParams.orchestrator_details.prompt'),
            json_extract_string(g.params, '$.prompt'),
            json_extract_string(g.params, '$.metadata.prompt')
        ) ilike %(prompt)s::varchar escape '\'
    )
order by
    case when %(parent_id)s::varchar is not null or %(children)s::boolean then g.parent_generation_id end,
    case when %(parent_id)s::varchar is not null or %(children)s::boolean then g.child_order end,
    g.created_at desc,
    g.id
limit %(limit)s::bigint
