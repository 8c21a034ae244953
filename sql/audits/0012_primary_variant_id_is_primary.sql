-- primary_variant_id_is_primary: a generation's primary_variant_id is its primary variant.
-- level: error
-- examines: generations
-- verdicts: missing, gone, foreign, secondary
--
-- Where none or several are primary, nothing tells which was meant: 0011 reports it.

with sole as (
    select generation_id, min(variant_id) as variant_id
    from variants
    where is_primary
    group by generation_id
    having count(*) = 1
),

judged as (
    select
        p.generation_id,
        p.project_id,
        p.variant_id as stored,
        e.variant_id as expected,
        case
            when p.variant_id is null and e.variant_id is not null then 'missing'
            when p.variant_id is not null and v.variant_id is null then 'gone'
            when v.generation_id <> p.generation_id then 'foreign'
            when p.variant_id <> e.variant_id then 'secondary'
        end as verdict
    from pointers as p
    left join sole as e on e.generation_id = p.generation_id
    left join variants as v on v.variant_id = p.variant_id
)

select
    j.verdict,
    j.generation_id as key,
    j.project_id,
    cast(null as varchar(36)) as shot_id,
    j.generation_id,
    j.stored as variant_id,
    j.stored,
    j.expected,
    case j.verdict
        when 'missing' then 'There is a primary variant, and primary_variant_id is NULL.'
        when 'gone' then 'primary_variant_id points at a variant that is not there.'
        when 'foreign' then 'primary_variant_id points at a variant of another generation.'
        else 'primary_variant_id points at a variant that is not the primary one.'
    end as detail
from judged as j
where j.verdict is not null
order by j.generation_id
