-- credits_ledger: the entries of the users of these projects, as stored.
-- takes: project_ids
select to_jsonb(c)::text as row
from public.credits_ledger as c
where c.user_id in (select user_id from public.projects where id = any(%(project_ids)s::uuid[]))
order by c.id
