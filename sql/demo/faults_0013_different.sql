-- faults_0013_different: generations whose name is not their primary variant's.
-- takes: seed, count
-- triggers: off
with chosen as (
    select g.id as id
    from public.generations as g
    where exists (
        select from public.generation_variants as v
        where v.generation_id = g.id and v.is_primary and v.name is not distinct from g.name
    )
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set name = concat(g.name, ' (planted)')
from chosen
where g.id = chosen.id
returning concat(g.id, '/name') as key
