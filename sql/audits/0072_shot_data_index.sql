-- shot_data_index: one GIN index that the operator ? can use is on generations.shot_data.
-- level: warning
-- examines: indexes
-- verdicts: missing, invalid, repeated
-- live: yes

with counted as (
    select
        count(*) as there,
        coalesce(sum(case when is_valid then 1 else 0 end), 0) as valid,
        'generations/shot_data' as place
    from indexes
    where table_name = 'generations' and columns = 'shot_data' and method = 'gin' and operators = 'jsonb_ops'
        and condition is null
)

select
    case when c.there = 0 then 'missing' when c.valid = 0 then 'invalid' else 'repeated' end as verdict,
    c.place as key,
    cast(null as varchar(36)) as project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(c.valid as varchar(20)) as stored,
    '1' as expected,
    concat('GIN indexes on shot_data: ', c.there, ', valid: ', c.valid, '.') as detail
from counted as c
where c.valid <> 1
order by c.place
