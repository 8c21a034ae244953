-- users: the users that are missing, without credits: those come with their ledger.
-- takes: rows
insert into public.users (id, name, email, username, given_credits)
select id, name, email, username, true
from jsonb_to_recordset(%(rows)s::jsonb) as wanted (id uuid, name text, email text, username text)
on conflict do nothing
