-- faults_0031_repeated: shots that take the position of their project's first, one a project.
-- takes: seed, count
with chosen as (
    select id, first
    from (
        select project_id, (array_agg(id order by position desc))[1] as id, min(position) as first
        from public.shots
        group by project_id
        having count(*) > 1 and count(*) = count(distinct position)
    ) as project
    where true
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.shots as s
set position = chosen.first
from chosen
where s.id = chosen.id
returning concat(s.project_id, '/', s.position) as key
