-- faults_0062_missing: tasks that wait for one that is not there.
-- takes: seed, count
with chosen as (
    select t.id as id
    from public.tasks as t
    where not exists (
        select from unnest(t.dependant_on) as needed
        where not exists (select from public.tasks as o where o.id = needed)
    )
    order by md5(concat(%(seed)s::text, t.id))
    limit %(count)s
)
update public.tasks as t
set dependant_on = coalesce(dependant_on, '{}') || md5(concat(%(seed)s::text, t.id))::uuid
from chosen
where t.id = chosen.id
returning concat(t.id, '/', md5(concat(%(seed)s::text, t.id))::uuid) as key
