-- faults_0006_gap: shots whose only last frame moves out of reach.
-- takes: seed, count
with chosen as (
    select id
    from (
        select distinct on (shot_id) id, shot_id, timeline_frame as frame
        from public.shot_generations
        where timeline_frame >= 0
        order by shot_id, timeline_frame desc, id
    ) as outermost
    where frame > 0 and not exists (
        select from public.shot_generations as o
        where o.shot_id = outermost.shot_id and o.timeline_frame = frame and o.id <> outermost.id
    ) and exists (
        select from public.shot_generations as o
        where o.shot_id = outermost.shot_id and o.timeline_frame between frame - 81 and frame - 1
    )
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.shot_generations as l
set timeline_frame = timeline_frame + 82
from chosen
where l.id = chosen.id
returning concat(l.shot_id, '/', l.timeline_frame) as key
