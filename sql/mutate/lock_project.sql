-- lock_project: lock a project against others who append shots to it; returns who we are to the server.
-- takes: project_id
--
-- In a statement of its own: the next one's snapshot then shows what the awaited writer committed.
select pg_current_xact_id()::text as xid, now()::text as began
from public.projects
where id = %(project_id)s::uuid
for no key update
