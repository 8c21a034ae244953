-- phase_one: display rows of one shot out of shot_data; generations alone, no params.
-- takes: shot_id
-- prepared: one plan serves every shot
-- Only the operator `?` on a text parameter can use the GIN index. It also holds for an array of texts.
-- A selected parameter is a value that no planner can see: so the plan of any shot costs no more than that of
-- this one, and the server keeps it.
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
    g.primary_variant_id::text as primary_variant_id,
    (g.shot_data -> %(shot_id)s::text)::text as cell
from public.generations as g
where g.shot_data ? (select %(shot_id)s::text) and jsonb_typeof(g.shot_data) = 'object'
