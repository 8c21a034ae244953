-- faults_0051_different: users with a credit too many.
-- takes: seed, count
with chosen as (
    select u.id as id
    from public.users as u
    where u.credits = (select coalesce(sum(amount), 0) from public.credits_ledger where user_id = u.id)
    order by md5(concat(%(seed)s::text, u.id))
    limit %(count)s
)
update public.users as u
set credits = credits + 1
from chosen
where u.id = chosen.id
returning u.id::text as key
