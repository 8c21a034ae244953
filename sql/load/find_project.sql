-- find_project: the projects of this id or name.
-- takes: id, name
select p.id::text as id, p.name
from public.projects as p
where p.id = %(id)s::uuid or p.name = %(name)s::text
order by p.created_at, p.id
