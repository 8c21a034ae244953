-- faults_0021_orphan: children that lose their parent.
-- takes: seed, count
with chosen as (
    select g.id as id
    from public.generations as g
    where g.is_child and g.parent_generation_id is not null and g.parent_generation_id <> g.id
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set parent_generation_id = null
from chosen
where g.id = chosen.id
returning g.id::text as key
