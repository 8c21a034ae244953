-- children_have_parents: a generation is marked as a child where it has a parent, and only there.
-- level: error
-- examines: generations
-- verdicts: orphan, unmarked

select
    case when f.is_child then 'orphan' else 'unmarked' end as verdict,
    f.generation_id as key,
    f.project_id,
    cast(null as varchar(36)) as shot_id,
    f.generation_id,
    cast(null as varchar(36)) as variant_id,
    f.parent_id as stored,
    cast(null as varchar(20)) as expected,
    case
        when f.is_child then 'A child without a parent: no gallery shows it.'
        else 'It has a parent and is_child is false: the gallery shows it beside its parent.'
    end as detail
from family as f
where f.is_child <> (f.parent_id is not null)
order by f.generation_id
