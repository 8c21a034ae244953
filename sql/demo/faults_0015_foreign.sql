-- faults_0015_foreign: variants that name another project.
-- takes: seed, count
-- triggers: off
with chosen as (
    select v.id as id
    from public.generation_variants as v
    where v.project_id = (select project_id from public.generations where id = v.generation_id)
        and exists (select from public.projects where id <> v.project_id)
    order by md5(concat(%(seed)s::text, v.id))
    limit %(count)s
)
update public.generation_variants as v
set project_id = (select id from public.projects where id <> v.project_id order by id limit 1)
from chosen
where v.id = chosen.id
returning v.id::text as key
