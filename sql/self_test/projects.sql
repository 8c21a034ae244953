-- projects: these projects, as stored.
-- takes: project_ids
select to_jsonb(p)::text as row from public.projects as p where p.id = any(%(project_ids)s::uuid[]) order by p.id
