-- lineage: a generation, what it was made from and what was made from it, nearest first.
-- takes: generation_id
-- `depth` counts the steps: below 0 what came before, above 0 what came after. UNION ends a circle: a step of
-- the walk that was taken before adds nothing, so that each side holds a generation once a depth, to a depth of 50.
with recursive before as (
    select g.id, 0 as depth, 'self' as relation, null::uuid as of_id, g.based_on, g.parent_generation_id
    from public.generations as g
    where g.id = %(generation_id)s::uuid
    union
    select
        g.id,
        b.depth - 1,
        case when g.id = b.based_on then 'source' else 'parent' end,
        b.id,
        g.based_on,
        g.parent_generation_id
    from before as b
    inner join public.generations as g on g.id in (b.based_on, b.parent_generation_id)
    where b.depth > -50
),

after as (
    select id, depth, relation, of_id from before where depth = 0
    union
    select
        g.id,
        a.depth + 1,
        case when g.based_on = a.id then 'derived' else 'child' end,
        a.id
    from after as a
    inner join public.generations as g on a.id in (g.based_on, g.parent_generation_id)
    where a.depth < 50
),

nearest as (
    select distinct on (id) id, depth, relation, of_id
    from (
        select id, depth, relation, of_id from before
        union all
        select id, depth, relation, of_id from after
    ) as walked
    order by id, abs(depth), relation, of_id
)

select
    n.depth,
    n.relation,
    n.of_id::text as of_id,
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
from nearest as n
inner join public.generations as g on g.id = n.id
order by n.depth, g.child_order nulls last, g.created_at, g.id
