-- faults_0003_repeated: links that take the frame of another of their shot, one a shot.
-- takes: seed, count
with chosen as (
    select id, frame
    from (
        select distinct on (shot_id) shot_id, min(timeline_frame) over shot as frame, id
        from public.shot_generations
        where timeline_frame >= 0
        window shot as (partition by shot_id)
        order by shot_id, timeline_frame desc, id
    ) as last_link
    where 1 = (
        select count(*) from public.shot_generations as o
        where o.shot_id = last_link.shot_id and o.timeline_frame = frame
    ) and 1 < (
        select count(distinct timeline_frame) from public.shot_generations as o where o.shot_id = last_link.shot_id
    )
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.shot_generations as l
set timeline_frame = chosen.frame
from chosen
where l.id = chosen.id
returning concat(l.shot_id, '/', l.timeline_frame) as key
