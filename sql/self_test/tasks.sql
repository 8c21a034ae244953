-- tasks: the tasks of these projects, as stored.
-- takes: project_ids
select to_jsonb(t)::text as row from public.tasks as t where t.project_id = any(%(project_ids)s::uuid[]) order by t.id
