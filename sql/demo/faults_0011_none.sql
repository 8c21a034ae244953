-- faults_0011_none: generations whose primary variant is no longer one.
-- takes: seed, count
-- triggers: off
with chosen as (
    select id
    from public.generation_variants
    where is_primary
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.generation_variants as v
set is_primary = false
from chosen
where v.id = chosen.id
returning v.generation_id::text as key
