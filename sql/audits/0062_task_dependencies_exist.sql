-- task_dependencies_exist: a task waits only for tasks that are there.
-- level: error
-- examines: tasks
-- verdicts: missing

select
    'missing' as verdict,
    concat(d.task_id, '/', d.needed_id) as key,
    d.project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    d.needed_id as stored,
    cast(null as varchar(20)) as expected,
    'It depends on a task that is not there, so it may wait for ever.' as detail
from (select distinct task_id, project_id, needed_id from dependencies) as d
left join tasks as t on t.task_id = d.needed_id
where t.task_id is null
order by d.task_id, d.needed_id
