-- frames_not_shared: no two links of a shot have the same frame.
-- level: warning
-- examines: links
-- verdicts: repeated

with shared as (
    select shot_id, frame, count(*) as links_there
    from links
    where frame >= 0
    group by shot_id, frame
    having count(*) > 1
)

select
    'repeated' as verdict,
    concat(l.shot_id, '/', l.frame) as key,
    s.project_id,
    l.shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(l.frame as varchar(20)) as stored,
    cast(null as varchar(20)) as expected,
    concat('Links at this frame: ', l.links_there, '.') as detail
from shared as l
left join shots as s on s.shot_id = l.shot_id
order by l.shot_id, l.frame
