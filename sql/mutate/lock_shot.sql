-- lock_shot: lock a shot against other writers of its links, added ones too; returns who we are to the server.
-- takes: shot_id
-- prepared: planned once a session, as somebody waits for it
--
-- In a statement of its own: the next one's snapshot then shows what the awaited writer committed.
select project_id::text as project_id, pg_current_xact_id()::text as xid, now()::text as began
from public.shots
where id = %(shot_id)s::uuid
for no key update
