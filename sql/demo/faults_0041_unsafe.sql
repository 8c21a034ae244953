-- faults_0041_unsafe: outputs whose path leaves its folder.
-- takes: seed, count
with chosen as (
    select t.id as id
    from public.tasks as t
    where t.status = 'Complete' and starts_with(t.output_location, '/storage/v1/object/public/image_uploads/')
        and split_part(t.output_location, '/', 7) = (select user_id::text from public.projects where id = t.project_id)
        and position('/..' in t.output_location) = 0
    order by md5(concat(%(seed)s::text, t.id))
    limit %(count)s
)
update public.tasks as t
set output_location = concat(output_location, '/../../other.jpg')
from chosen
where t.id = chosen.id
returning concat('tasks/', t.id, '/output_location') as key
