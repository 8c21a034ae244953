-- faults_0016_none: generations whose original is called an edit.
-- takes: seed, count
with chosen as (
    select v.id as id
    from public.generation_variants as v
    where v.variant_type = 'original' and 1 = (
        select count(*) from public.generation_variants as o
        where o.generation_id = v.generation_id and o.variant_type = 'original'
    )
    order by md5(concat(%(seed)s::text, v.id))
    limit %(count)s
)
update public.generation_variants as v
set variant_type = 'edit'
from chosen
where v.id = chosen.id
returning v.generation_id::text as key
