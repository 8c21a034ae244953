-- row_level_security: row level security is enabled on the core tables, and no policy is there twice.
-- level: error
-- examines: core_tables
-- verdicts: disabled, repeated
-- live: yes

with twice as (
    select table_name, min(policy_name) as policy_name, count(*) as there
    from policies
    group by table_name, says
    having count(*) > 1
),

judged as (
    select 'disabled' as verdict, table_name, cast(null as varchar(80)) as policy_name, 0 as there
    from core_tables
    where not is_secured
    union all
    select 'repeated' as verdict, w.table_name, w.policy_name, w.there
    from twice as w
    inner join core_tables as t on t.table_name = w.table_name
)

select
    j.verdict,
    case when j.policy_name is null then j.table_name else concat(j.table_name, '/', j.policy_name) end as key,
    cast(null as varchar(36)) as project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(j.there as varchar(20)) as stored,
    '1' as expected,
    case j.verdict
        when 'disabled' then concat('Whoever may read the table ', j.table_name, ' reads the rows of everyone.')
        else concat('Policies that say the same on ', j.table_name, ': ', j.there, '.')
    end as detail
from judged as j
order by j.table_name, j.policy_name asc nulls first
