-- faults_0024_repeated: children that take the order of a sibling, one a film.
-- takes: seed, count
with chosen as (
    select parent_id, lowest, highest
    from (
        select parent_generation_id as parent_id, min(child_order) as lowest, max(child_order) as highest
        from public.generations
        where parent_generation_id is not null
        group by parent_generation_id
        having count(*) > 1 and count(*) = count(distinct child_order)
    ) as film
    where true
    order by md5(concat(%(seed)s::text, parent_id))
    limit %(count)s
)
update public.generations as g
set child_order = chosen.lowest
from chosen
where g.parent_generation_id = chosen.parent_id and g.child_order = chosen.highest
returning concat(g.parent_generation_id, '/', g.child_order) as key
