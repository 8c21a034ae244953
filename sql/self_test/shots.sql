-- shots: the shots of these projects, as stored.
-- takes: project_ids
select to_jsonb(s)::text as row from public.shots as s where s.project_id = any(%(project_ids)s::uuid[]) order by s.id
