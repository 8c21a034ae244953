-- ledger: the credits given and spent that the user may see, newest first.
-- takes: user_id
select
    c.id::text as id,
    c.user_id::text as user_id,
    c.task_id::text as task_id,
    c.amount,
    c.type::text as type,
    c.metadata::text as metadata,
    c.created_at
from public.credits_ledger as c
where %(user_id)s::uuid is null or c.user_id = %(user_id)s::uuid
order by c.created_at desc, c.id
