-- complete_tasks_have_output: a task that is Complete has its output.
-- level: warning
-- examines: tasks
-- verdicts: missing

select
    'missing' as verdict,
    t.task_id as key,
    t.project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    split_part(t.output, '?', 1) as stored,
    cast(null as varchar(20)) as expected,
    concat('Complete, and output_location is empty; the task is of the type ', coalesce(t.type, ''), '.') as detail
from complete_tasks as t
where coalesce(split_part(t.output, '?', 1), '') = ''
order by t.task_id
