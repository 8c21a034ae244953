-- one_primary_variant: a generation that has variants has exactly one primary one.
-- level: error
-- examines: variants
-- verdicts: none, several

with counted as (
    select
        generation_id,
        count(*) as variants_there,
        sum(case when is_primary then 1 else 0 end) as primaries
    from variants
    group by generation_id
)

select
    case when c.primaries = 0 then 'none' else 'several' end as verdict,
    c.generation_id as key,
    g.project_id,
    cast(null as varchar(36)) as shot_id,
    c.generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(c.primaries as varchar(20)) as stored,
    '1' as expected,
    concat('Variants: ', c.variants_there, ', primary: ', c.primaries, '.') as detail
from counted as c
left join generations as g on g.generation_id = c.generation_id
where c.primaries <> 1
order by c.generation_id
