-- shot_positions_not_shared: no two shots of a project have the same position.
-- level: info
-- examines: shots
-- verdicts: repeated

with shared as (
    select project_id, place, count(*) as shots_there
    from shot_positions
    where place is not null
    group by project_id, place
    having count(*) > 1
)

select
    'repeated' as verdict,
    concat(p.project_id, '/', p.place) as key,
    p.project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(p.place as varchar(20)) as stored,
    cast(null as varchar(20)) as expected,
    concat('Shots in this position: ', p.shots_there, '.') as detail
from shared as p
order by p.project_id, p.place
