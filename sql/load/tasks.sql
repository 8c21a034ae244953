-- tasks: the tasks that the user may see, newest first; no params.
-- takes: project_id
-- dependant_on is one id in the oldest schema and an array since; as text both split into ids.
select
    t.id::text as id,
    t.project_id::text as project_id,
    t.task_type,
    t.status::text as status,
    string_to_array(nullif(trim(both '{}' from t.dependant_on::text), ''), ',') as dependant_on,
    t.output_location,
    t.created_at,
    t.updated_at,
    t.generation_started_at,
    t.generation_processed_at,
    t.worker_id,
    t.attempts,
    t.error_message
from public.tasks as t
where %(project_id)s::uuid is null or t.project_id = %(project_id)s::uuid
order by t.created_at desc, t.id
