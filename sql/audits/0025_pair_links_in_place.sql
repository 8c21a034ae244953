-- pair_links_in_place: a segment starts at a link on the timeline of the shot that its film is in.
-- level: warning
-- examines: generations
-- verdicts: gone, elsewhere, unplaced
--
-- Its film is its parent, or itself without one; a film in no shot says nothing about where its segments belong.

with homes as (
    select distinct s.generation_id, l.shot_id
    from segments as s
    inner join links as l on l.generation_id = coalesce(s.parent_id, s.generation_id)
),

housed as (
    select distinct generation_id
    from homes
),

judged as (
    select
        s.generation_id,
        s.project_id,
        s.link_id,
        l.shot_id,
        case
            when l.link_id is null then 'gone'
            when d.generation_id is not null and h.generation_id is null then 'elsewhere'
            when l.frame is null or l.frame < 0 then 'unplaced'
        end as verdict
    from segments as s
    left join links as l on l.link_id = s.link_id
    left join homes as h on h.generation_id = s.generation_id and h.shot_id = l.shot_id
    left join housed as d on d.generation_id = s.generation_id
)

select
    j.verdict,
    j.generation_id as key,
    j.project_id,
    j.shot_id,
    j.generation_id,
    cast(null as varchar(36)) as variant_id,
    j.link_id as stored,
    cast(null as varchar(20)) as expected,
    case j.verdict
        when 'gone' then 'The link that it starts from is not there.'
        when 'elsewhere' then 'The link that it starts from is in another shot than its film.'
        else 'The link that it starts from is off the timeline.'
    end as detail
from judged as j
where j.verdict is not null
order by j.generation_id
