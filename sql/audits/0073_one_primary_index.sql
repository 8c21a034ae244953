-- one_primary_index: one unique index allows a generation one primary variant.
-- level: error
-- examines: indexes
-- verdicts: missing, invalid, repeated
-- live: yes

with counted as (
    select
        count(*) as there,
        coalesce(sum(case when is_valid then 1 else 0 end), 0) as valid,
        'generation_variants/generation_id' as place
    from indexes
    where table_name = 'generation_variants' and columns = 'generation_id' and is_unique
        and position('is_primary' in condition) > 0
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
    concat('Unique indexes on generation_id where is_primary: ', c.there, ', valid: ', c.valid, '.') as detail
from counted as c
where c.valid <> 1
order by c.place
