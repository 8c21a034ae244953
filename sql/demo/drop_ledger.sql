-- drop_ledger: the ledger of these users, and the credits that it gave them.
-- takes: users
with gone as (
    delete from public.credits_ledger where user_id = any (%(users)s::uuid[])
)
update public.users set credits = 0 where id = any (%(users)s::uuid[])
