-- faults_0026_different: images whose type becomes video.
-- takes: seed, count
with chosen as (
    select g.id as id
    from public.generations as g
    where g.type = 'image' and split_part(g.location, '?', 1) ~* '\.(jpe?g|png|webp|gif|avif)$'
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set type = 'video'
from chosen
where g.id = chosen.id
returning g.id::text as key
