-- timeline_without_gaps: a timeline starts at frame 0 and has no gap over 81 frames.
-- level: info
-- examines: links
-- verdicts: late, gap

with frames as (
    select distinct shot_id, frame
    from links
    where frame >= 0
),

neighbours as (
    select
        shot_id,
        frame,
        lag(frame) over (partition by shot_id order by frame asc nulls last) as previous
    from frames
)

select
    case when n.previous is null then 'late' else 'gap' end as verdict,
    concat(n.shot_id, '/', n.frame) as key,
    s.project_id,
    n.shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(n.frame as varchar(20)) as stored,
    cast(case when n.previous is null then 0 else n.previous + 81 end as varchar(20)) as expected,
    case
        when n.previous is null then 'The first frame is not 0.'
        else concat('The frame before it is ', n.previous, '; the largest gap is 81.')
    end as detail
from neighbours as n
left join shots as s on s.shot_id = n.shot_id
where case when n.previous is null then n.frame > 0 else n.frame - 81 > n.previous end
order by n.shot_id, n.frame
