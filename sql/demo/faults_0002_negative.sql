-- faults_0002_negative: links whose frame becomes negative.
-- takes: seed, count
with chosen as (
    select id
    from public.shot_generations
    where timeline_frame > 0
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.shot_generations as l
set timeline_frame = -timeline_frame
from chosen
where l.id = chosen.id
returning l.id::text as key
