-- project: a project that the user may see.
-- takes: project_id
select id::text as id from public.projects where id = %(project_id)s::uuid
