-- users: the users of these projects, as stored.
-- takes: project_ids
select to_jsonb(u)::text as row
from public.users as u
where u.id in (select user_id from public.projects where id = any(%(project_ids)s::uuid[]))
order by u.id
