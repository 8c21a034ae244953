-- shown_generations: display rows of the generations that the links name and shot_data does not.
-- takes: generation_ids
-- prepared: by primary key, whatever the ids
select
    g.id::text as generation_id,
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
    g.primary_variant_id::text as primary_variant_id
from public.generations as g
where g.id = any(%(generation_ids)s::uuid[])
