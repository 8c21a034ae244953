-- tasks: the tasks of the snapshot, newest first; no params.
-- takes: project_id
-- dependant_on is one id in the oldest schema and a list since.
select
    t.id,
    t.project_id,
    t.task_type,
    t.status,
    case
        when t.dependant_on is not null
            then string_split(replace(trim(cast(t.dependant_on as varchar), '[]'), ' ', ''), ',')
    end as dependant_on,
    t.output_location,
    t.created_at,
    t.updated_at,
    t.generation_started_at,
    t.generation_processed_at,
    t.worker_id,
    t.attempts,
    t.error_message
from public.tasks as t
where %(project_id)s::varchar is null or t.project_id = %(project_id)s::varchar
order by t.created_at desc, t.id
