-- frames_not_negative: a link's frame is zero or more, or NULL off the timeline.
-- level: error
-- examines: links
-- verdicts: negative

select
    'negative' as verdict,
    l.link_id as key,
    s.project_id,
    l.shot_id,
    l.generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(l.frame as varchar(20)) as stored,
    cast(null as varchar(20)) as expected,
    'A frame below zero is no place on the timeline.' as detail
from links as l
left join shots as s on s.shot_id = l.shot_id
where l.frame < 0
order by l.link_id
