-- faults_0023_self: generations that become based on themselves.
-- takes: seed, count
with chosen as (
    select g.id as id
    from public.generations as g
    where g.based_on is null
        and not exists (select from public.generations as o where o.based_on = g.id)
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set based_on = g.id
from chosen
where g.id = chosen.id
returning g.id::text as key
