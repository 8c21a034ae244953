-- faults_0016_several: generations with a second original.
-- takes: seed, count
with chosen as (
    select id
    from (
        select (array_agg(id order by id) filter (where variant_type is distinct from 'original'))[1] as id
        from public.generation_variants
        group by generation_id
        having count(*) filter (where variant_type = 'original') = 1 and count(*) > 1
    ) as other
    where true
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.generation_variants as v
set variant_type = 'original'
from chosen
where v.id = chosen.id
returning v.generation_id::text as key
