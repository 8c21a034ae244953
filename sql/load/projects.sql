-- projects: the projects that the user may see, newest first.
select
    p.id::text as id,
    p.name,
    p.user_id::text as user_id,
    p.aspect_ratio,
    p.created_at,
    (select count(*) from public.shots as s where s.project_id = p.id) as shots
from public.projects as p
order by p.created_at desc, p.id
