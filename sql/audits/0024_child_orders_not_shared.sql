-- child_orders_not_shared: no two children of a parent have the same child_order.
-- level: warning
-- examines: generations
-- verdicts: repeated

with shared as (
    select parent_id, child_order, min(project_id) as project_id, count(*) as children_there
    from family
    where parent_id is not null and child_order is not null
    group by parent_id, child_order
    having count(*) > 1
)

select
    'repeated' as verdict,
    concat(c.parent_id, '/', c.child_order) as key,
    c.project_id,
    cast(null as varchar(36)) as shot_id,
    c.parent_id as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(c.child_order as varchar(20)) as stored,
    cast(null as varchar(20)) as expected,
    concat('Children of this order: ', c.children_there, '.') as detail
from shared as c
order by c.parent_id, c.child_order
