-- lock_generation: lock a generation against other writers of its variants; returns who we are to the server.
-- takes: generation_id
--
-- In a statement of its own: the next one's snapshot then shows what the awaited writer committed.
select pg_current_xact_id()::text as xid, now()::text as began
from public.generations
where id = %(generation_id)s::uuid
for no key update
