-- tasks: the tasks that are missing.
-- takes: rows
insert into public.tasks (
    id, task_type, params, status, dependant_on, output_location, created_at, updated_at, project_id,
    generation_started_at, generation_processed_at, worker_id, generation_created, attempts, error_message
)
select
    id, task_type, params, status, dependant_on, output_location, created_at,
    coalesce(generation_processed_at, generation_started_at), project_id, generation_started_at,
    generation_processed_at, worker_id, status = 'Complete', attempts, error_message
from jsonb_to_recordset(%(rows)s::jsonb) as wanted (
    id uuid, task_type text, params_key integer, status public.task_status, dependant_on uuid[],
    output_location text, created_at timestamptz, project_id uuid, generation_started_at timestamptz,
    generation_processed_at timestamptz, worker_id text, attempts integer, error_message text
)
join pg_temp.demo_params on demo_params.key = wanted.params_key
on conflict do nothing
