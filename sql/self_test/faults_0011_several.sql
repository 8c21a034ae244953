-- faults_0011_several: generations with a second primary variant; no index may stand in the way any more.
-- takes: seed, count
with chosen as (
    select generation_id, (array_agg(id order by id) filter (where not is_primary))[1] as id
    from public.generation_variants
    group by generation_id
    having count(*) filter (where is_primary) = 1 and count(*) > 1
    order by md5(concat(%(seed)s::text, generation_id))
    limit %(count)s
)

update public.generation_variants as v
set is_primary = true
from chosen
where v.id = chosen.id
returning v.generation_id::text as key
