-- metadata_is_object: a link's metadata is a JSON object, or NULL.
-- level: error
-- examines: links
-- verdicts: malformed

select
    'malformed' as verdict,
    l.link_id as key,
    s.project_id,
    l.shot_id,
    l.generation_id,
    cast(null as varchar(36)) as variant_id,
    l.kind as stored,
    'object' as expected,
    concat('The metadata is of the JSON kind ', l.kind, ', so its prompts and settings are not read.') as detail
from link_metadata as l
left join shots as s on s.shot_id = l.shot_id
where l.kind <> 'object'
order by l.link_id
