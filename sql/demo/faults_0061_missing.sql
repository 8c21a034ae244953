-- faults_0061_missing: Complete tasks that lose their output.
-- takes: seed, count
with chosen as (
    select t.id as id
    from public.tasks as t
    where t.status = 'Complete' and t.output_location <> ''
    order by md5(concat(%(seed)s::text, t.id))
    limit %(count)s
)
update public.tasks as t
set output_location = null
from chosen
where t.id = chosen.id
returning t.id::text as key
