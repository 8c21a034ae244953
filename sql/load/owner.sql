-- owner: whose a project is.
-- takes: project_id
select p.user_id::text as user_id from public.projects as p where p.id = %(project_id)s::uuid
