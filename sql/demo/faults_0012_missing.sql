-- faults_0012_missing: generations that lose their primary_variant_id.
-- takes: seed, count
-- triggers: off
with chosen as (
    select g.id as id
    from public.generations as g
    where exists (
        select from public.generation_variants as v
        where v.id = g.primary_variant_id and v.generation_id = g.id and v.is_primary
    )
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set primary_variant_id = null
from chosen
where g.id = chosen.id
returning g.id::text as key
