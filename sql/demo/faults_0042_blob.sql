-- faults_0042_blob: outputs that only one page could open.
-- takes: seed, count
with chosen as (
    select t.id as id
    from public.tasks as t
    where t.status = 'Complete' and starts_with(t.output_location, '/storage/v1/object/public/image_uploads/')
    order by md5(concat(%(seed)s::text, t.id))
    limit %(count)s
)
update public.tasks as t
set output_location = concat('blob:https://example.org/', t.id)
from chosen
where t.id = chosen.id
returning concat('tasks/', t.id, '/output_location') as key
