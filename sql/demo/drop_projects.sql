-- drop_projects: these projects, and by their references all that is in them.
-- takes: projects
delete from public.projects where id = any (%(projects)s::uuid[])
