-- shot: the project and the name of a shot that the user may see.
-- takes: shot_id
select project_id::text as project_id, name from public.shots where id = %(shot_id)s::uuid
