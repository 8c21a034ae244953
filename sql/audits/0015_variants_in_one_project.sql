-- variants_in_one_project: a variant is in its generation's project.
-- level: error
-- examines: variants
-- verdicts: foreign
--
-- A variant that names no project is where its generation is.

select
    'foreign' as verdict,
    v.variant_id as key,
    g.project_id,
    cast(null as varchar(36)) as shot_id,
    v.generation_id,
    v.variant_id,
    v.project_id as stored,
    g.project_id as expected,
    'The variant names another project than its generation.' as detail
from variant_homes as v
inner join generations as g on g.generation_id = v.generation_id
where v.project_id <> g.project_id
order by v.variant_id
