-- based_on_without_cycles: no generation is based on itself, through others or not.
-- level: error
-- examines: generations
-- verdicts: self, cycle
--
-- Two walk up from each start, one by single steps, one by double ones, until the fast one falls off or they meet.
-- From a start that is on a cycle they first meet at the start itself; so every walk ends, and only members are told.

with recursive steps as (
    select generation_id, origin_id as target_id
    from lineage
    where origin_id is not null
),

walk (start_id, one, two) as (
    select a.generation_id, a.target_id, b.target_id
    from steps as a
    inner join steps as b on b.generation_id = a.target_id
    union all
    select w.start_id, a.target_id, c.target_id
    from walk as w
    inner join steps as a on a.generation_id = w.one
    inner join steps as b on b.generation_id = w.two
    inner join steps as c on c.generation_id = b.target_id
    where w.one <> w.two
)

select
    case when f.origin_id = f.generation_id then 'self' else 'cycle' end as verdict,
    f.generation_id as key,
    f.project_id,
    cast(null as varchar(36)) as shot_id,
    f.generation_id,
    cast(null as varchar(36)) as variant_id,
    f.origin_id as stored,
    cast(null as varchar(20)) as expected,
    case
        when f.origin_id = f.generation_id then 'It is based on itself.'
        else 'Going up from what it is based on leads back to it.'
    end as detail
from walk as w
inner join lineage as f on f.generation_id = w.start_id
where w.one = w.two and w.one = w.start_id
order by f.generation_id
