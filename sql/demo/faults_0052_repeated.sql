-- faults_0052_repeated: tasks that are paid for twice.
-- takes: seed, count
with chosen as (
    select id
    from (
        select (array_agg(id))[1] as id
        from public.credits_ledger
        where type = 'spend' and task_id is not null
        group by task_id
        having count(*) = 1
    ) as entry
    where true
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
insert into public.credits_ledger (user_id, task_id, amount, type)
select entry.user_id, entry.task_id, entry.amount, entry.type
from chosen
join public.credits_ledger as entry on entry.id = chosen.id
returning task_id::text as key
