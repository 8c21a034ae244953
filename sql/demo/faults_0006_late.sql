-- faults_0006_late: shots whose only first frame becomes 1.
-- takes: seed, count
with chosen as (
    select id
    from (
        select distinct on (shot_id) id, shot_id, timeline_frame as frame
        from public.shot_generations
        where timeline_frame >= 0
        order by shot_id, timeline_frame asc, id
    ) as outermost
    where frame = 0 and not exists (
        select from public.shot_generations as o
        where o.shot_id = outermost.shot_id and o.timeline_frame in (0, 1) and o.id <> outermost.id
    )
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.shot_generations as l
set timeline_frame = 1
from chosen
where l.id = chosen.id
returning concat(l.shot_id, '/', l.timeline_frame) as key
