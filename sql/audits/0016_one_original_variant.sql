-- one_original_variant: a generation that has variants has one of the type 'original'.
-- level: info
-- examines: variants
-- verdicts: none, several

with counted as (
    select
        generation_id,
        count(*) as variants_there,
        sum(case when type = 'original' then 1 else 0 end) as originals
    from variant_types
    group by generation_id
)

select
    case when c.originals = 0 then 'none' else 'several' end as verdict,
    c.generation_id as key,
    g.project_id,
    cast(null as varchar(36)) as shot_id,
    c.generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(c.originals as varchar(20)) as stored,
    '1' as expected,
    concat('Variants: ', c.variants_there, ', of the type original: ', c.originals, '.') as detail
from counted as c
left join generations as g on g.generation_id = c.generation_id
where c.originals <> 1
order by c.generation_id
