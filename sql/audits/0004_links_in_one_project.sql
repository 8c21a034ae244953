-- links_in_one_project: a link joins a shot and a generation of one project.
-- level: error
-- examines: links
-- verdicts: foreign

select
    'foreign' as verdict,
    l.link_id as key,
    s.project_id,
    l.shot_id,
    l.generation_id,
    cast(null as varchar(36)) as variant_id,
    g.project_id as stored,
    s.project_id as expected,
    'The generation belongs to another project than the shot.' as detail
from links as l
inner join shots as s on s.shot_id = l.shot_id
inner join generations as g on g.generation_id = l.generation_id
where g.project_id <> s.project_id
order by l.link_id
