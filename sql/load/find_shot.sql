-- find_shot: the shots of this id or name.
-- takes: id, name
select s.id::text as id, s.name, s.project_id::text as project_id
from public.shots as s
where s.id = %(id)s::uuid or s.name = %(name)s::text
order by s.created_at, s.id
