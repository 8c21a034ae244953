-- one_spend_a_task: a task is paid for once at most.
-- level: error
-- examines: ledger
-- verdicts: repeated

with paid as (
    select task_id, count(*) as spends
    from ledger
    where type = 'spend' and task_id is not null
    group by task_id
    having count(*) > 1
)

select
    'repeated' as verdict,
    p.task_id as key,
    t.project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(p.spends as varchar(20)) as stored,
    '1' as expected,
    concat('Entries that spend for this task: ', p.spends, '; the key is the task.') as detail
from paid as p
left join tasks as t on t.task_id = p.task_id
order by p.task_id
