-- faults_0014_different: generations whose params are not their primary variant's.
-- takes: seed, count
-- triggers: off
with chosen as (
    select g.id as id
    from public.generations as g
    where exists (
        select from public.generation_variants as v
        where v.generation_id = g.id and v.is_primary and v.params is not distinct from g.params
    )
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set params = jsonb_build_object('planted', true) || coalesce(g.params, '{}')
from chosen
where g.id = chosen.id
returning g.id::text as key
