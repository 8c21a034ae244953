-- credits_are_the_sum: a user's credits are the sum of the ledger.
-- level: error
-- examines: users
-- verdicts: different

with sums as (
    select user_id, sum(amount) as total
    from ledger
    group by user_id
),

compared as (
    select
        u.user_id,
        cast(u.credits as decimal(18, 3)) as stored,
        cast(coalesce(s.total, 0) as decimal(18, 3)) as expected
    from users as u
    left join sums as s on s.user_id = u.user_id
)

select
    'different' as verdict,
    c.user_id as key,
    cast(null as varchar(36)) as project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(c.stored as varchar(40)) as stored,
    cast(c.expected as varchar(40)) as expected,
    'The credits are not the sum of the ledger; the key is the user.' as detail
from compared as c
where c.stored is distinct from c.expected
order by c.user_id
